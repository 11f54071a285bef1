package io.kanana.data.classify.edu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.chat.FakeEndpoint;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.extension.Extensions;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Progress;
import io.kanana.core.random.RandomKey;
import io.kanana.data.DataExtensions;
import io.kanana.data.classify.TextClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Six of a hundred documents teach something, by words of which each document has a few. */
class EduFilterJobTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int POOL = 3000;

  @TempDir private Path directory;

  @BeforeEach
  void writePool() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < POOL; i++) {
      boolean teaches = i % 100 < 6;
      lines.add(
          JSON.valueToTree(
                  Map.of("id", "d" + i, "text", text(i, teaches), "grade", teaches ? 4 : 1))
              .toString());
    }
    Files.write(directory.resolve("pool.jsonl"), lines);
  }

  private static String text(int number, boolean teaches) {
    RandomKey key = RandomKey.of(number);
    StringBuilder text = new StringBuilder("n" + number);
    for (int word = 0; word < 20; word++) {
      boolean special = word % 4 == 0;
      String kind = special && teaches ? "학습" : special ? "광고" : "word";
      text.append(' ').append(kind).append(key.below(word, 60));
    }
    return text.toString();
  }

  private void run(String scores, boolean resume, String... more) throws IOException {
    Path config = directory.resolve("job.yaml");
    Files.writeString(
        config,
        String.join(
            "\n",
            "job: edu-filter",
            "output: " + directory.resolve("run"),
            "data: {documents: [" + directory.resolve("pool.jsonl") + "]}",
            "scores: " + scores,
            "sample: {size: 400, at-least: 3, held-out-share: 0.4}",
            "mine: {rounds: 2, documents: 60, min-score: 0.3}",
            "classifier: {dimensions: 8, buckets: 1000, learning-rate: 0.5, epochs: 20,"
                + " word-ngrams: 1}"));
    Jobs.of(
            List.of(new EduFilterJob()),
            Extensions.of(new DataExtensions(), new ClassifierExtensions()),
            getClass().getClassLoader())
        .configure(config, List.of(more))
        .run(resume, Progress.SILENT, Clock.systemUTC(), new Cancellation());
  }

  private Path classifier() {
    return directory.resolve("run").resolve(EduFilterJob.CLASSIFIER);
  }

  private JsonNode rounds() throws IOException {
    return JSON.readTree(classifier().resolve("report.json").toFile()).get("rounds");
  }

  @Test
  void roundsFindMorePositives() throws IOException {
    run("{type: metadata, field: grade}", false);
    JsonNode rounds = rounds();
    assertThat(rounds).hasSize(3);
    assertThat(rounds.get(1).get("mined").asInt()).isEqualTo(60);
    assertThat(rounds.get(1).get("confirmed").asInt()).isGreaterThan(30);
    assertThat(rounds.get(2).get("positives").asInt())
        .isGreaterThan(2 * rounds.get(0).get("positives").asInt());
    assertThat(rounds.get(2).get("f1").asDouble())
        .isGreaterThanOrEqualTo(rounds.get(0).get("f1").asDouble())
        .isGreaterThan(0.8);
    assertThat(TextClassifier.read(classifier()).top("학습1 학습2 word3 학습7").label())
        .isEqualTo("high");
  }

  @Test
  void minedDocumentsNeedNotBeScored() throws IOException {
    run("{type: metadata, field: grade}", false, "mine.verify=false");
    assertThat(rounds().get(1).get("confirmed").asInt()).isEqualTo(60);
    assertThat(Files.readAllLines(directory.resolve("run/scores.jsonl"))).hasSize(400);
  }

  @Test
  void aModelIsAskedAndAResumedRunAsksForNothingTwice() throws IOException {
    try (FakeEndpoint endpoint =
        new FakeEndpoint(
            request -> FakeEndpoint.says("Score: " + (request.contains("학습") ? 4 : 0)))) {
      String scores =
          "{type: chat, url: \"" + endpoint.url() + "\", model: judge, concurrency: 16}";
      run(scores, false, "mine.rounds=0", "sample.size=200");
      assertThat(endpoint.requests).hasSize(200);
      Path log = directory.resolve("run/scores.jsonl");
      Files.writeString(log, Files.readString(log) + "{\"sha256\": \"cut o");
      Artefact.remove(classifier());
      run(scores, true, "mine.rounds=1", "sample.size=200");
      assertThat(endpoint.requests).hasSizeBetween(201, 260);
      assertThat(Files.readAllLines(log)).hasSize(endpoint.requests.size());
      assertThat(rounds()).hasSize(2);
      assertThatThrownBy(() -> run(scores.replace("judge", "another"), true))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("scores.model: \"judge\" -> \"another\"");
    }
  }

  @Test
  void aFinishedRunIsRefusedUnderOtherSettings() throws IOException {
    String scores = "{type: metadata, field: grade}";
    run(scores, false, "mine.rounds=0");
    run(scores, true, "mine.rounds=0");
    for (String other :
        List.of("mine.rounds=1", "sample.at-least=2", "classifier.epochs=9", "seed=5")) {
      assertThatThrownBy(() -> run(scores, true, "mine.rounds=0", other))
          .as(other)
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(other.substring(0, other.indexOf('=')) + ": ")
          .hasMessageContaining("the classifier in " + directory.resolve("run"));
    }
    assertThat(rounds()).hasSize(1);
  }

  @Test
  void withoutPositivesThereIsNothingToLearn() {
    assertThatThrownBy(() -> run("{type: metadata, field: grade}", false, "sample.at-least=5"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("0 are positives")
        .hasMessageContaining("sample.at-least");
  }
}
