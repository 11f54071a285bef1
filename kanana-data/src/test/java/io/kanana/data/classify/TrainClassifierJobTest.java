package io.kanana.data.classify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.extension.Extensions;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Progress;
import io.kanana.data.DataExtensions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainClassifierJobTest {
  @TempDir private Path directory;

  @Test
  void documentsToAClassifierAndItsReport() throws IOException {
    List<String> lines = new ArrayList<>();
    ObjectMapper json = new ObjectMapper();
    SomeTexts.from(0, 400)
        .forEach((text, labels) -> lines.add(json(json, text, labels.getFirst())));
    Files.write(directory.resolve("texts.jsonl"), lines);
    Path config = directory.resolve("job.yaml");
    Files.writeString(
        config,
        """
        job: train-classifier
        output: %s
        data: {documents: ["%s"], held-out-share: 0.2}
        label: {field: kind}
        classifier: {dimensions: 8, buckets: 1000, learning-rate: 0.5, epochs: 10}
        """
            .replaceFirst("%s", directory.resolve("run").toString())
            .replaceFirst("%s", directory.resolve("texts.jsonl").toString()));
    Jobs.of(
            List.of(new TrainClassifierJob()),
            Extensions.of(new DataExtensions()),
            getClass().getClassLoader())
        .configure(config, List.of())
        .run(false, Progress.SILENT, Clock.systemUTC(), new Cancellation());
    Path classifier = directory.resolve("run").resolve(TrainClassifierJob.CLASSIFIER);
    assertThat(TextClassifier.read(classifier).top("the bread was 김치").label()).isEqualTo("food");
    assertThat(json.readTree(classifier.resolve("report.json").toFile()).get("accuracy").asDouble())
        .isGreaterThan(0.9);
  }

  private static String json(ObjectMapper json, String text, String label) {
    return json.valueToTree(Map.of("text", text, "kind", label)).toString();
  }
}
