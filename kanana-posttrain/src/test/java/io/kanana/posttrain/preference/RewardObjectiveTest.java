package io.kanana.posttrain.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.model.RopeConfig;
import io.kanana.core.model.RopeScaling;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.reference.ReferenceBackend;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gradient of a reward model's loss against differences, and however a step is cut. */
class RewardObjectiveTest {
  private static final int VOCABULARY = 30;
  private static final double STEP = 1e-5;

  private final TensorBackend backend = new ReferenceBackend();
  private final PairBatches data =
      new PairBatches(RandomPairs.make(9, VOCABULARY), 20, Optional.empty());
  private Llama model;

  @BeforeEach
  void make() {
    RopeConfig rope = new RopeConfig(10_000, new RopeScaling.None());
    ModelConfig shape = new ModelConfig(2, 8, 2, 1, 4, 12, VOCABULARY, 32, 1e-5, rope, true);
    model = Llama.scoring(shape, Precision.F32, backend, true);
    model.initialise(RandomKey.of(1), 0.4);
  }

  @AfterEach
  void close() {
    model.close();
    backend.close();
  }

  private double run(double centre, int microBatch, boolean backward) {
    return new RewardStep(model, data).run(centre, microBatch, backward).loss();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3})
  void theGradientIsThatOfTheLoss(double centre) {
    run(centre, 2, true);
    for (Parameter parameter : model.parameters()) {
      double[] gradient = backend.doubles(parameter.gradient());
      double[] value = backend.doubles(parameter.value());
      for (int i = 0; i < value.length; i += Math.max(1, value.length / 5)) {
        double expected = difference(centre, parameter, value, i);
        assertThat(gradient[i])
            .as("%s [%d]", parameter.name(), i)
            .isCloseTo(expected, offset(1e-7 + 1e-5 * Math.abs(expected)));
      }
    }
  }

  private double difference(double centre, Parameter parameter, double[] value, int index) {
    double kept = value[index];
    value[index] = kept + STEP;
    backend.write(value, parameter.value());
    double above = run(centre, 3, false);
    value[index] = kept - STEP;
    backend.write(value, parameter.value());
    double below = run(centre, 3, false);
    value[index] = kept;
    backend.write(value, parameter.value());
    return (above - below) / (2 * STEP);
  }

  @Test
  void theStepIsTheSameHoweverItIsCut() {
    RewardStep.Result whole = new RewardStep(model, data).run(0.1, 100);
    List<double[]> gradients =
        model.parameters().stream().map(p -> backend.doubles(p.gradient())).toList();
    RewardStep.Result cut = new RewardStep(model, data).run(0.1, 1);
    assertThat(cut.loss()).isCloseTo(whole.loss(), offset(1e-12));
    assertThat(cut.sums()).containsExactly(whole.sums(), offset(1e-11));
    for (int i = 0; i < gradients.size(); i++) {
      assertThat(backend.doubles(model.parameters().get(i).gradient()))
          .containsExactly(gradients.get(i), offset(1e-12));
    }
  }

  /** Packed beside others, in another order or alone: an answer has its own reward. */
  @Test
  void anAnswersRewardIsItsOwn() {
    List<AnswerTokens> answers = data.pairs().stream().map(PairTokens::chosen).toList();
    double[] together = new RewardScores(model, 2).of(answers);
    for (int i = 0; i < answers.size(); i++) {
      assertThat(new RewardScores(model, 1).of(List.of(answers.get(i)))[0])
          .isCloseTo(together[i], offset(1e-12));
    }
    assertThat(new RewardScores(model, 1).of(List.of())).isEmpty();
    double[] rejected =
        new RewardScores(model, 3).of(data.pairs().stream().map(PairTokens::rejected).toList());
    RewardStep.Result step = new RewardStep(model, data).run(0, 4);
    assertThat(RewardQuality.of(together, rejected).margin())
        .isCloseTo(step.mean("reward-margin"), offset(1e-12));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
  void aCoefficientThatIsNoneIsRefused(double coefficient) {
    assertThatThrownBy(() -> new RewardObjective(coefficient, data))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("centre-coefficient: must be a number of at least 0");
  }
}
