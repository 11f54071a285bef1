package io.kanana.data.classify.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.random.RandomKey;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.CascadeStepContract;
import io.kanana.data.filter.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegressionHeadStepTest extends CascadeStepContract {
  @TempDir private static Path directory;
  private static Path model;
  private static Path head;

  @BeforeAll
  static void train() {
    model = SmallModel.write(directory.resolve("model"), 3);
    head = directory.resolve("head");
    try (DocumentEmbedding embedding = DocumentEmbedding.open(model, 40, SmallModel.COMPUTE)) {
      ScoredEmbeddings data = new ScoredEmbeddings();
      for (int i = 0; i < 300; i++) {
        data.add(embedding.of(SmallModel.text(i, i % 6)).orElseThrow(), i % 6);
      }
      HeadOptions options = new HeadOptions(List.of(), 20, 16, 0.02);
      RegressionHead trained =
          new HeadTrainer(options, RandomKey.of(1), 1, new Cancellation())
              .train(data, (_, _) -> {});
      RegressionHeadDirectory.Stored stored =
          new RegressionHeadDirectory.Stored(
              trained, embedding.modelId(), 40, new ScoreScale(0, 5, 3));
      RegressionHeadDirectory.write(head, stored, "job: x\n", "{}\n");
    }
  }

  private static RegressionHeadStep.Config config(OptionalDouble minScore) {
    return new RegressionHeadStep.Config(model, head, minScore, "quality", SmallModel.COMPUTE);
  }

  @Override
  protected CascadeStep.Config config() {
    return config(OptionalDouble.of(2.5));
  }

  @Override
  protected List<Document> documents() {
    return IntStream.range(1000, 1024)
        .mapToObj(i -> Document.of("d" + i, SmallModel.text(i, i % 6)))
        .toList();
  }

  @Test
  void theScoreBecomesMetadata() {
    try (RegressionHeadStep step = config(OptionalDouble.empty()).create()) {
      for (int i = 1000; i < 1024; i++) {
        Document document = new Document("d", SmallModel.text(i, i % 6), Map.of("url", "u"));
        Verdict.Keep keep = (Verdict.Keep) step.apply(document);
        assertThat(keep.document().text()).isEqualTo(document.text());
        assertThat(keep.document().metadata()).containsEntry("url", "u");
        double score = (double) keep.document().metadata().get("quality");
        assertThat(score).isBetween(0.0, 5.0).isCloseTo(i % 6, within(1.5));
      }
    }
  }

  @Test
  void lowScoresAreDropped() {
    try (RegressionHeadStep step = config(OptionalDouble.of(2.5)).create()) {
      assertThat(step.apply(Document.of("good", SmallModel.text(2000, 5))))
          .isInstanceOf(Verdict.Keep.class);
      Verdict.Drop drop = (Verdict.Drop) step.apply(Document.of("poor", SmallModel.text(2000, 0)));
      assertThat(drop.reason()).isEqualTo("low-quality-score");
      assertThat((double) drop.measured()).isBetween(0.0, 1.5);
    }
  }

  @Test
  void aDocumentWithoutTokensHasNoScore() {
    Document empty = Document.of("empty", "");
    try (RegressionHeadStep step = config(OptionalDouble.of(0)).create()) {
      assertThat(step.apply(empty)).isEqualTo(Verdict.drop("low-quality-score", null));
    }
    try (RegressionHeadStep step = config(OptionalDouble.empty()).create()) {
      Verdict.Keep keep = (Verdict.Keep) step.apply(empty);
      assertThat(keep.document().metadata()).containsEntry("quality", null);
    }
  }

  @Test
  void anotherModelIsRefused() {
    Path other = SmallModel.write(directory.resolve("other"), 4);
    RegressionHeadStep.Config config =
        new RegressionHeadStep.Config(
            other, head, OptionalDouble.empty(), "quality", SmallModel.COMPUTE);
    assertThatThrownBy(config::create)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(head + " was trained on embeddings of the model ")
        .hasMessageContaining(Artefact.open(other).id());
  }

  @Test
  void aDamagedHeadIsRefused() throws IOException {
    Path damaged = directory.resolve("damaged");
    Files.createDirectory(damaged);
    for (String file :
        List.of("head.json", "head.safetensors", "report.json", "config.yaml", "manifest.json")) {
      Files.copy(head.resolve(file), damaged.resolve(file));
    }
    byte[] bytes = Files.readAllBytes(damaged.resolve("head.safetensors"));
    bytes[bytes.length - 1] ^= 1;
    Files.write(damaged.resolve("head.safetensors"), bytes);
    RegressionHeadStep.Config config =
        new RegressionHeadStep.Config(
            model, damaged, OptionalDouble.empty(), "quality", SmallModel.COMPUTE);
    assertThatThrownBy(config::create)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("head.safetensors")
        .hasMessageContaining("SHA-256");
  }

  @Test
  void leastScoresLieOnTheScale() {
    assertThatThrownBy(() -> config(OptionalDouble.of(5.5)).create())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("min-score")
        .hasMessageContaining("0 .. 5");
  }
}
