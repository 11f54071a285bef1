package io.kanana.posttrain.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Tape;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.model.RopeConfig;
import io.kanana.core.model.RopeScaling;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.reference.ReferenceBackend;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.TrainingObjective;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The objective's gradient against differences of its own loss, and however a step is cut. */
class PreferenceObjectiveTest {
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
    model = Llama.trainable(shape, Precision.F32, backend);
    model.initialise(RandomKey.of(1), 0.4);
  }

  @AfterEach
  void close() {
    model.close();
    backend.close();
  }

  static Stream<PreferenceLoss> losses() {
    return Stream.of(
        new DpoLosses.Sigmoid(0.3, 0.1),
        new DpoLosses.Ipo(0.5),
        new SimPo(2, 0.5),
        new OddsRatio(0.2),
        new Kto(0.3, 1, 1.5),
        new LossMixture(
            List.of(
                new LossMixture.Part(1, new DpoLosses.ApoZero(0.4)),
                new LossMixture.Part(2, new DpoLosses.ExoPair(0.3, 0.1)))));
  }

  private PreferenceObjective objective(PreferenceLoss loss) {
    int pairs = data.pairs().size();
    double[] chosen = new double[pairs];
    double[] rejected = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      chosen[i] = -3 * data.pairs().get(i).chosen().answerLength();
      rejected[i] = -3.5 * data.pairs().get(i).rejected().answerLength();
    }
    return new PreferenceObjective(
        loss, 0.25, new ReferencedPairs(data, new ReferenceLogs(chosen, rejected)));
  }

  /** The loss of all pairs in micro-batches of so many rows; gradients are added up. */
  private double run(PreferenceObjective objective, int microBatch, boolean backward) {
    List<TokenBatch> step = new ArrayList<>();
    int rows = (int) data.epochLength();
    for (int row = 0; row < rows; row += microBatch) {
      step.add(data.batch(row, Math.min(microBatch, rows - row)));
    }
    long pairs = step.stream().mapToLong(objective::targets).sum();
    TrainingObjective ofStep = objective.forStep(model, step, 0);
    try (Scope scope = backend.scope("run")) {
      Tensor sums = scope.zeros(backend.kernels(), DType.F64, objective.terms().size());
      long first = 0;
      for (TokenBatch batch : step) {
        Tape tape =
            backward
                ? Tape.recording(backend.kernels(), scope)
                : Tape.forwardOnly(backend.kernels(), scope);
        ofStep.accumulate(
            new TrainingObjective.Forward(model, tape, first, false),
            batch,
            batch.input(backend, scope),
            1.0 / pairs,
            sums);
        tape.backward();
        first += batch.rows();
      }
      return objective.loss(backend.doubles(sums), pairs);
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void theGradientIsThatOfTheLoss(PreferenceLoss loss) {
    PreferenceObjective objective = objective(loss);
    model.clearGradients();
    run(objective, 2, true);
    for (Parameter parameter : model.parameters()) {
      double[] gradient = backend.doubles(parameter.gradient());
      double[] value = backend.doubles(parameter.value());
      for (int i = 0; i < value.length; i += Math.max(1, value.length / 3)) {
        double expected = difference(objective, parameter, value, i);
        assertThat(gradient[i])
            .as("%s [%d]", parameter.name(), i)
            .isCloseTo(expected, offset(1e-6 + 1e-5 * Math.abs(expected)));
      }
    }
  }

  private double difference(
      PreferenceObjective objective, Parameter parameter, double[] value, int index) {
    double kept = value[index];
    value[index] = kept + STEP;
    backend.write(value, parameter.value());
    double above = run(objective, 3, false);
    value[index] = kept - STEP;
    backend.write(value, parameter.value());
    double below = run(objective, 3, false);
    value[index] = kept;
    backend.write(value, parameter.value());
    return (above - below) / (2 * STEP);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void theStepIsTheSameHoweverItIsCut(PreferenceLoss loss) {
    PreferenceObjective objective = objective(loss);
    model.clearGradients();
    double whole = run(objective, 100, true);
    List<double[]> gradients =
        model.parameters().stream().map(p -> backend.doubles(p.gradient())).toList();
    model.clearGradients();
    assertThat(run(objective, 1, true)).isCloseTo(whole, offset(1e-12));
    for (int i = 0; i < gradients.size(); i++) {
      assertThat(backend.doubles(model.parameters().get(i).gradient()))
          .containsExactly(gradients.get(i), offset(1e-12));
    }
  }
}
