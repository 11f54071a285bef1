package io.kanana.pretrain.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Tape;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Divergence;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.TeacherRest;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.reference.ReferenceBackend;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.Trainer;
import io.kanana.core.train.TrainingObjective;
import io.kanana.pretrain.reshape.SmallModels;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The objective's gradient against differences of its own loss, in double precision. */
class DistillationTest {
  private static final double STEP = 1e-5;

  private final TensorBackend backend = new ReferenceBackend();
  private Llama teacher;
  private Llama student;

  @BeforeEach
  void make() {
    teacher = initialised(Llama.frozen(shape(12, 16), Precision.F32, backend), 1);
    student = initialised(Llama.trainable(shape(8, 12), Precision.F32, backend), 2);
  }

  private static ModelConfig shape(int hidden, int ffn) {
    return SmallModels.shape(2, hidden, 2, 1, 4, ffn, true);
  }

  private static Llama initialised(Llama model, int seed) {
    model.initialise(RandomKey.of(seed), 0.4);
    return model;
  }

  @AfterEach
  void close() {
    teacher.close();
    student.close();
    backend.close();
  }

  /** Two rows, some of whose positions have no target. */
  private static TokenBatch batch() {
    int[] tokens = {4, 1, 8, 3, 3, 10, 2, 6, 0, 7};
    int[] targets = {1, TokenBatch.IGNORE, 3, 3, 39, 2, 6, 0, 7, TokenBatch.IGNORE};
    int[] positions = {0, 1, 0, 1, 2, 0, 1, 2, 3, 4};
    int[] starts = {0, 0, 2, 2, 2, 0, 0, 0, 0, 0};
    return new TokenBatch(2, 5, tokens, targets, positions, starts, 30);
  }

  private static LossConfig loss(
      Divergence divergence, double temperature, double crossEntropy, int topK, TeacherRest rest) {
    return new LossConfig(
        divergence, 0.3, temperature, crossEntropy, 0.01, topK, rest, Optional.empty());
  }

  private double run(Distillation objective, boolean backward) {
    return run(objective, backward, false);
  }

  private double run(Distillation objective, boolean backward, boolean recompute) {
    TokenBatch batch = batch();
    try (Scope scope = backend.scope("run")) {
      Tape tape =
          backward
              ? Tape.recording(backend.kernels(), scope)
              : Tape.forwardOnly(backend.kernels(), scope);
      Tensor sums = scope.zeros(backend.kernels(), DType.F64, objective.terms().size());
      objective.accumulate(
          new TrainingObjective.Forward(student, tape, 0, recompute),
          batch,
          batch.input(backend, scope),
          1.0 / batch.targetCount(),
          sums);
      if (backward) {
        tape.backward();
      }
      return objective.loss(backend.doubles(sums), batch.targetCount());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FORWARD, 1, 0, 0, BUCKET",
    "REVERSE, 2, 0, 0, BUCKET",
    "SYMMETRIC, 1.5, 0.3, 0, BUCKET",
    "JENSEN_SHANNON, 1, 0.5, 0, BUCKET",
    "FORWARD, 2, 0.5, 5, BUCKET",
    "REVERSE, 1, 0.2, 5, BUCKET",
    "JENSEN_SHANNON, 1, 0, 5, DROPPED",
    "FORWARD, 1, 0.2, 5, DROPPED_BY_TEACHER"
  })
  void itsGradientIsThatOfItsLoss(
      Divergence divergence, double temperature, double crossEntropy, int topK, TeacherRest rest) {
    LossConfig config = loss(divergence, temperature, crossEntropy, topK, rest);
    Distillation objective = new Distillation(config, new LiveTeacher(teacher, config));
    student.clearGradients();
    run(objective, true);
    assertGradientsAreDifferences(objective);
  }

  private void assertGradientsAreDifferences(Distillation objective) {
    for (Parameter parameter : Trainer.parameters(student, objective)) {
      double[] gradient = backend.doubles(parameter.gradient());
      double[] values = backend.doubles(parameter.value());
      for (int i = 0; i < values.length; i += 1 + values.length / 12) {
        double expected = difference(objective, parameter, values, i);
        assertThat(gradient[i])
            .as(parameter.name() + "[" + i + "]")
            .isCloseTo(expected, offset(1e-7 + 1e-6 * Math.abs(expected)));
      }
    }
  }

  /** Of a layer that others follow, the last one, and one that is named twice. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void hiddenStatesHaveTheGradientOfTheirDistance(boolean recompute) {
    LossConfig config = loss(Divergence.FORWARD, 1, 0, 0, TeacherRest.BUCKET);
    try (HiddenStates states = states(new HiddenStates.Pair(0, 1), new HiddenStates.Pair(1, 1))) {
      LiveTeacher watched = new LiveTeacher(teacher, config, states.ofTeacher());
      Distillation objective = new Distillation(config, watched, Optional.of(states));
      student.clearGradients();
      run(objective, true, recompute);
      assertGradientsAreDifferences(objective);
    }
  }

  private HiddenStates states(HiddenStates.Pair... pairs) {
    HiddenStates.Config config = new HiddenStates.Config(0.7, List.of(pairs));
    return new HiddenStates(config, student.config(), teacher.config(), backend, RandomKey.of(3));
  }

  /** By the formula, from the streams themselves. */
  @Test
  void theDistanceIsTheMeanOverTargetsPairsAndChannels() {
    LossConfig config = loss(Divergence.FORWARD, 1, 0, 0, TeacherRest.BUCKET);
    try (HiddenStates states = states(new HiddenStates.Pair(0, 1))) {
      double alone = run(new Distillation(config, new LiveTeacher(teacher, config)), false);
      LiveTeacher watched = new LiveTeacher(teacher, config, states.ofTeacher());
      double both = run(new Distillation(config, watched, Optional.of(states)), false);
      double[] s = stream(student, 0);
      double[] t = stream(teacher, 1);
      double[] p = backend.doubles(states.parameters().getFirst().value());
      double sum = 0;
      for (int row = 0; row < batch().targets().length; row++) {
        for (int i = 0; i < 12 && batch().targets()[row] != TokenBatch.IGNORE; i++) {
          double difference = -t[row * 12 + i];
          for (int j = 0; j < 8; j++) {
            difference += p[i * 8 + j] * s[row * 8 + j];
          }
          sum += difference * difference / 12;
        }
      }
      assertThat(both - alone).isCloseTo(0.7 * sum / batch().targetCount(), offset(1e-9));
    }
  }

  private double[] stream(Llama model, int layer) {
    try (Scope scope = backend.scope("stream")) {
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      return backend.doubles(
          model.hiddenStates(tape, batch().input(backend, scope), false).get(layer + 1).value());
    }
  }

  /** A student as wide as its teacher begins with projections that change nothing. */
  @Test
  void aStudentThatIsItsTeacherIsNowhereFarFromIt() {
    LossConfig config = loss(Divergence.FORWARD, 1, 0, 0, TeacherRest.BUCKET);
    HiddenStates.Config compared = new HiddenStates.Config(1, List.of(new HiddenStates.Pair(0, 0)));
    student.close();
    student = initialised(Llama.trainable(shape(12, 16), Precision.F32, backend), 1);
    try (HiddenStates states =
        new HiddenStates(compared, student.config(), teacher.config(), backend, RandomKey.of(3))) {
      LiveTeacher watched = new LiveTeacher(teacher, config, states.ofTeacher());
      assertThat(run(new Distillation(config, watched, Optional.of(states)), false))
          .isCloseTo(0, offset(1e-12));
    }
  }

  private double difference(Distillation objective, Parameter parameter, double[] values, int at) {
    double value = values[at];
    values[at] = value + STEP;
    backend.write(values, parameter.value());
    double above = run(objective, false);
    values[at] = value - STEP;
    backend.write(values, parameter.value());
    double below = run(objective, false);
    values[at] = value;
    backend.write(values, parameter.value());
    return (above - below) / (2 * STEP);
  }

  /**
   * Far above all differences of logits the divergence times T^2 goes to a limit, and so do slopes.
   */
  @Test
  void theSquareOfTheTemperatureKeepsGradientsOfOneSize() {
    double warm = gradientSize(100);
    assertThat(gradientSize(200)).isCloseTo(warm, offset(0.02 * warm));
    assertThat(gradientSize(400)).isCloseTo(warm, offset(0.02 * warm));
  }

  private double gradientSize(double temperature) {
    LossConfig config = loss(Divergence.FORWARD, temperature, 0, 0, TeacherRest.BUCKET);
    student.clearGradients();
    run(new Distillation(config, new LiveTeacher(teacher, config)), true);
    double sum = 0;
    for (double slope : backend.doubles(student.head().gradient())) {
      sum += slope * slope;
    }
    return Math.sqrt(sum);
  }
}
