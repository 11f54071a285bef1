package io.kanana.data.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.core.random.RandomKey;
import io.kanana.data.document.Document;
import io.kanana.data.filter.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClassifierStepTest {
  private static final Document FOOD = Document.of("d", "the bread is 김치\nwith soup");

  private static TextClassifier classifier;

  @BeforeAll
  static void train() {
    ClassifierOptions options = new ClassifierOptions(0.5, 10, 10, 2, 2, 4, 2000, Loss.SOFTMAX, 1);
    classifier =
        new ClassifierTrainer(options, RandomKey.of(1))
            .train(SomeTexts.from(0, 300), ClassifierTrainer.Listener.NONE);
  }

  private static ClassifierStep step(String label, Double minScore) {
    return new ClassifierStep(
        classifier,
        new ClassifierStep.Config(
            Path.of("model.bin"),
            Optional.ofNullable(label),
            minScore == null ? OptionalDouble.empty() : OptionalDouble.of(minScore),
            "kind"));
  }

  @Test
  void labelAndScoreBecomeMetadata() {
    Document document = new Document("d", FOOD.text(), Map.of("url", "u"));
    Verdict.Keep keep = (Verdict.Keep) step(null, null).apply(document);
    assertThat(keep.document().metadata()).containsEntry("kind", "food").containsEntry("url", "u");
    assertThat((double) keep.document().metadata().get("kindScore")).isBetween(0.9, 1.0);
    assertThat(keep.document().text()).isEqualTo(document.text());
  }

  @Test
  void lowScoresAreDropped() {
    assertThat(step("food", 0.5).apply(FOOD)).isInstanceOf(Verdict.Keep.class);
    Verdict.Drop drop = (Verdict.Drop) step("colour", 0.5).apply(FOOD);
    assertThat(drop.reason()).isEqualTo("low-quality-score");
    assertThat((double) drop.measured()).isBetween(0.0, 0.1);
  }

  @Test
  void severalThreadsSayTheSame() {
    ClassifierStep step = step(null, null);
    List<Verdict> verdicts =
        IntStream.range(0, 200).parallel().mapToObj(i -> step.apply(FOOD)).distinct().toList();
    assertThat(verdicts).hasSize(1);
  }

  @Test
  void unknownLabelsAreRefused() {
    assertThatThrownBy(() -> step("colours", 0.5))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("label")
        .hasMessageContaining("colour, number, food");
  }
}
