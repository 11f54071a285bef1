package io.kanana.data.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.error.DataException;
import io.kanana.core.random.RandomKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClassifierTrainerTest {
  @TempDir private Path directory;

  private static ClassifierOptions options(Loss loss) {
    return new ClassifierOptions(0.5, 10, 10, 2, 2, 4, 2000, loss, 1);
  }

  private static TextClassifier train(Loss loss, long seed, LabelledTexts texts) {
    return new ClassifierTrainer(options(loss), RandomKey.of(seed))
        .train(texts, ClassifierTrainer.Listener.NONE);
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  void learnsWhatCanBeLearnt(Loss loss) {
    TextClassifier classifier = train(loss, 1, SomeTexts.from(0, 400));
    ClassificationReport report = ClassificationReport.of(classifier, SomeTexts.from(10_000, 200));
    assertThat(report.accuracy()).isGreaterThan(0.95);
    assertThat(report.macroF1()).isGreaterThan(0.95);
  }

  @Test
  void theLossFalls() {
    List<Double> losses = new ArrayList<>();
    new ClassifierTrainer(options(Loss.SOFTMAX), RandomKey.of(1))
        .train(SomeTexts.from(0, 400), (epoch, loss) -> losses.add(loss));
    assertThat(losses).hasSize(10).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    assertThat(losses.getFirst()).isBetween(0.1, Math.log(SomeTexts.LABELS.size()));
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    LabelledTexts texts = SomeTexts.from(0, 100);
    float[] once = ((DenseRows) train(Loss.SOFTMAX, 1, texts).model().input()).values();
    float[] again = ((DenseRows) train(Loss.SOFTMAX, 1, texts).model().input()).values();
    float[] other = ((DenseRows) train(Loss.SOFTMAX, 2, texts).model().input()).values();
    assertThat(again).isEqualTo(once);
    assertThat(other).isNotEqualTo(once);
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  void whatIsWrittenIsReadBack(Loss loss) {
    TextClassifier classifier = train(loss, 1, SomeTexts.from(0, 100));
    Path target = directory.resolve("classifier");
    ClassifierDirectory.write(target, classifier, options(loss), "a: 1\n", "{}\n");
    for (Path path : List.of(target, target.resolve("model.bin"))) {
      TextClassifier read = TextClassifier.read(path);
      assertThat(read.labels()).isEqualTo(classifier.labels());
      assertThat(read.predict("붉은 red 7 곡식", 3, 0))
          .isEqualTo(classifier.predict("붉은 red 7 곡식", 3, 0));
    }
  }

  @Test
  void wholeWordsAndTheirPartsAreTheSame() {
    TextClassifier classifier = train(Loss.SOFTMAX, 1, SomeTexts.from(0, 100));
    LinearModel model = classifier.model();
    TextClassifier.Session fast = classifier.session();
    SomeTexts.from(5_000, 50)
        .forEach(
            (text, labels) -> {
              float[] mean = fast.mean(text + " unseen 낱말");
              double[] slow = SlowMean.of(model, text + " unseen 낱말");
              for (int i = 0; i < mean.length; i++) {
                assertThat((double) mean[i]).isCloseTo(slow[i], within(1e-6));
              }
            });
  }

  @Test
  void severalLabelsOfOneText() {
    LabelledTexts texts =
        use -> {
          for (int i = 0; i < 200; i++) {
            use.accept("both sides " + i % 7, List.of("left", "right"));
            use.accept("one side " + i % 7, List.of("left"));
          }
        };
    TextClassifier classifier = train(Loss.ONE_VS_ALL, 1, texts);
    assertThat(classifier.predict("both sides", 5, 0.5))
        .extracting(ScoredLabel::label)
        .containsExactlyInAnyOrder("left", "right");
    assertThat(classifier.predict("one side", 5, 0.5))
        .extracting(ScoredLabel::label)
        .containsExactly("left");
  }

  @Test
  void textsWithoutLabelsTeachNothing() {
    assertThatThrownBy(
            () -> train(Loss.SOFTMAX, 1, use -> use.accept("a text without a label", List.of())))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no text has a label");
  }

  @Test
  void rareWordsHaveNoVectorsOfTheirOwn() {
    LabelledTexts texts =
        use -> {
          use.accept("often often often rare", List.of("x"));
          use.accept("often __label__x often", List.of("y"));
        };
    ClassifierOptions options = new ClassifierOptions(0.1, 4, 1, 1, 0, 0, 0, Loss.SOFTMAX, 2);
    TextClassifier classifier =
        new ClassifierTrainer(options, RandomKey.of(1))
            .train(texts, ClassifierTrainer.Listener.NONE);
    assertThat(classifier.words()).as("often and </s>").isEqualTo(2);
    assertThat(classifier.labels()).containsExactly("x", "y");
  }
}
