package io.kanana.data.classify.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.ConfiguredJob;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Progress;
import io.kanana.core.job.Told;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainRegressionHeadJobTest {
  @TempDir private static Path shared;
  private static Path model;

  @TempDir private Path directory;

  @BeforeAll
  static void write() throws IOException {
    model = SmallModel.write(shared.resolve("model"), 3);
    SmallModel.documents(shared.resolve("documents.jsonl"), 600);
  }

  private ConfiguredJob<?> job(String output, String... assignments) throws IOException {
    Path config = directory.resolve("job.yaml");
    Files.writeString(
        config,
        """
        job: train-regression-head
        output: %s
        model: %s
        max-tokens: 40
        data: {documents: ["%s"], held-out-share: 0.2}
        head: {batch: 16, learning-rate: 0.02}
        compute: {backend: cpu, threads: 1}
        """
            .formatted(directory.resolve(output), model, shared.resolve("documents.jsonl")));
    return Jobs.load(getClass().getClassLoader()).configure(config, List.of(assignments));
  }

  /** Runs a job and says what it told. */
  private List<String> run(String output, Cancellation cancellation, String... assignments)
      throws IOException {
    Told progress =
        new Told(
            status -> {
              if (status.startsWith("epoch 2 ") && output.equals("stopped")) {
                cancellation.request();
              }
            });
    job(output, assignments).run(true, progress, Clock.systemUTC(), cancellation);
    return progress.lines();
  }

  private List<String> run(String output, String... assignments) throws IOException {
    return run(output, new Cancellation(), assignments);
  }

  private Path head(String output) {
    return directory.resolve(output).resolve(TrainRegressionHeadJob.HEAD);
  }

  @Test
  void documentsToAHeadAndItsReport() throws IOException {
    List<String> lines = run("run");
    assertThat(lines).anyMatch(line -> line.matches(".* 0 without a score, 0 without a token;.*"));
    assertThat(lines).anyMatch(line -> line.matches("mean squared error +0\\.[0-9]+"));
    JsonNode report = new ObjectMapper().readTree(head("run").resolve("report.json").toFile());
    assertThat(report.get("documents").asInt()).isBetween(80, 160);
    assertThat(report.get("meanSquaredErrorOfMean").asDouble()).isGreaterThan(2);
    assertThat(report.get("meanSquaredError").asDouble()).isLessThan(0.6);
    assertThat(report.get("pearson").asDouble()).isGreaterThan(0.9);
    assertThat(report.get("spearman").asDouble()).isGreaterThan(0.9);
    assertThat(report.get("f1").asDouble()).isGreaterThan(0.85);
    assertThat(new TrainRegressionHeadJob().measurements(directory.resolve("run")))
        .containsEntry("held-out.f1", report.get("f1").asDouble())
        .containsEntry(
            "held-out.mean-squared-error-of-mean", report.get("meanSquaredErrorOfMean").asDouble());
    assertThat(Artefact.open(head("run")).manifest().kind()).isEqualTo("regression-head");
    RegressionHeadDirectory.Stored stored = RegressionHeadDirectory.read(head("run"));
    assertThat(stored.model()).isEqualTo(Artefact.open(model).id());
    assertThat(stored.maxTokens()).isEqualTo(40);
  }

  @Test
  void theSeedDecidesAboutEveryByte() throws IOException {
    run("a", "head.hidden=[5]", "head.epochs=2");
    run("b", "head.hidden=[5]", "head.epochs=2");
    run("c", "head.hidden=[5]", "head.epochs=2", "seed=18");
    for (String file : List.of("head.safetensors", "head.json", "report.json")) {
      assertThat(head("b").resolve(file)).hasSameBinaryContentAs(head("a").resolve(file));
    }
    assertThat(Files.readAllBytes(head("c").resolve("head.safetensors")))
        .isNotEqualTo(Files.readAllBytes(head("a").resolve("head.safetensors")));
  }

  @Test
  void aStoppedRunLeavesNoHeadAndOneThatGoesOnMakesTheSame() throws IOException {
    run("stopped", "head.epochs=3");
    assertThat(head("stopped")).doesNotExist();
    Path scores = directory.resolve("stopped/scores.jsonl");
    assertThat(Files.readAllLines(scores)).hasSize(600);
    job("stopped", "head.epochs=3")
        .run(true, Progress.SILENT, Clock.systemUTC(), new Cancellation());
    assertThat(RegressionHeadDirectory.read(head("stopped")).head().width())
        .isEqualTo(SmallModel.WIDTH);
    run("whole", "head.epochs=3");
    assertThat(head("stopped").resolve("head.safetensors"))
        .hasSameBinaryContentAs(head("whole").resolve("head.safetensors"));
  }

  @Test
  void whatIsThereIsNotMadeAgainNorOfOtherInputs() throws IOException {
    run("run", "head.epochs=1");
    byte[] manifest = Files.readAllBytes(head("run").resolve("manifest.json"));
    assertThat(run("run", "head.epochs=1")).contains("the regression head is there");
    assertThatThrownBy(() -> run("run", "head.epochs=2"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("epochs");
    assertThat(head("run").resolve("manifest.json")).hasBinaryContent(manifest);
  }

  @Test
  void scoresOffTheScaleAreNamed() {
    assertThatThrownBy(() -> run("run", "scale={lowest: 0, highest: 4, at-least: 3}"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("document d5 has the score 5.0; by scale scores lie in 0 .. 4");
    assertThat(head("run")).doesNotExist();
  }

  @Test
  void aScoreThatWasCorrectedCounts() throws IOException {
    Path documents = directory.resolve("corrected.jsonl");
    String right = Files.readString(shared.resolve("documents.jsonl"));
    Files.writeString(documents, right.replaceFirst("\"score\": *[0-5]", "\"score\": 7"));
    String data = "data.documents=[\"" + documents + "\"]";
    assertThatThrownBy(() -> run("run", data, "head.epochs=1"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("has the score 7");
    Files.writeString(documents, right);
    run("run", data, "head.epochs=1");
    assertThat(head("run")).exists();
  }

  @Test
  void documentsWithoutScoresOrTokensAreCounted() throws IOException {
    Path few = directory.resolve("few.jsonl");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      lines.append("{\"text\": \"cell %d\", \"score\": %d}%n".formatted(i, i % 6));
    }
    Files.writeString(few, lines + "{\"text\": \"unscored\"}\n");
    assertThat(run("run", "data.documents=[\"" + few + "\"]"))
        .anyMatch(line -> line.contains(" 1 without a score, 0 without a token"));
    Files.writeString(few, "{\"text\": \"unscored\"}\n");
    assertThatThrownBy(() -> run("none", "data.documents=[\"" + few + "\"]"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("of the documents 0 are to train on and 0 held out, 1 have no score");
  }

  @Test
  void thePlanSaysWhatEmbeddingsTake() throws IOException {
    assertThat(job("run").plan().toString())
        .contains("128 bytes a document, 12 MiB for 100,000")
        .contains("embedding model");
    assertThat(job("run", "model=" + directory.resolve("later")).plan().toString())
        .contains("not there yet");
  }

  @Test
  void moreTokensThanTheContextAreRefusedBeforeAnythingIsRead() throws IOException {
    assertThatThrownBy(() -> job("run", "max-tokens=128").plan())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("max-tokens: must be at most 127, since the context of");
  }
}
