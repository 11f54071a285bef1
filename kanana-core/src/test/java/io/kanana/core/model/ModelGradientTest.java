package io.kanana.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Tape;
import io.kanana.core.autograd.Variable;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.DistillationLoss;
import io.kanana.core.tensor.Divergence;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The gradient of every weight of a whole model, against central differences in double: what a
 * kernel's own check cannot see is how the tape joins them.
 */
class ModelGradientTest {
  private static final int BATCH = 2;
  private static final int TIME = 5;
  private static final int VOCABULARY = 11;
  private static final int[] TARGETS = {3, 7, -1, 2, 5, 9, 0, 1, -1, 10};
  private static final double STEP = 1e-5;

  /** What is differentiated; on a recording tape it also leaves the gradients. */
  private interface Loss {
    double of(Tape tape, Variable hidden, Tensor targets);
  }

  private final TensorBackend backend = TensorBackends.open("reference", 1);

  @AfterEach
  void close() {
    backend.close();
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, false", "true, true", "false, true"})
  void crossEntropyWithZLoss(boolean tied, boolean recompute) {
    try (Llama model = model(tied)) {
      check(
          model, recompute, (tape, hidden, targets) -> crossEntropy(model, tape, hidden, targets));
    }
  }

  /** One part of a matrix, two of its three, all matrices; with A and B of both of some size. */
  @ParameterizedTest
  @CsvSource({
    "K_PROJ, false",
    "Q_PROJ V_PROJ DOWN_PROJ, true",
    "O_PROJ UP_PROJ, false",
    "Q_PROJ K_PROJ V_PROJ O_PROJ GATE_PROJ UP_PROJ DOWN_PROJ, true"
  })
  void adapters(String names, boolean recompute) {
    try (Llama model = Llama.frozen(config(true), Precision.F32, backend)) {
      model.initialise(RandomKey.of(3), 0.4);
      List<Projection> adapted = Arrays.stream(names.split(" ")).map(Projection::valueOf).toList();
      LowRankAdapters adapters = model.adapt(AdapterShape.of(2, 1.5, adapted), true);
      adapters.parameters().forEach(this::fillAtRandom);
      check(
          model, recompute, (tape, hidden, targets) -> crossEntropy(model, tape, hidden, targets));
    }
  }

  private void fillAtRandom(Parameter parameter) {
    double[] values = new double[(int) parameter.value().size()];
    RandomKey key = RandomKey.of(4).child(parameter.name());
    Arrays.setAll(values, i -> 0.4 * key.gaussian(i));
    backend.write(values, parameter.value());
  }

  private double crossEntropy(Llama model, Tape tape, Variable hidden, Tensor targets) {
    Tensor sums = tape.scope().zeros(backend.kernels(), DType.F64, 2);
    tape.crossEntropy(hidden, model.head(), targets, 0.125, 0.01, sums);
    double[] values = backend.doubles(sums);
    return 0.125 * (values[0] + 0.01 * values[1]);
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, true"})
  void aFunctionOfLogProbabilities(boolean tied, boolean recompute) {
    try (Llama model = model(tied)) {
      check(
          model,
          recompute,
          (tape, hidden, targets) -> {
            Variable logProbabilities = tape.logProbabilities(hidden, model.head(), targets);
            double[] values = backend.doubles(logProbabilities.value());
            seedWithSines(tape, logProbabilities, values);
            return sumOfNegativeCosines(values);
          });
    }
  }

  private void seedWithSines(Tape tape, Variable variable, double[] values) {
    double[] gradient = Arrays.stream(values).map(Math::sin).toArray();
    Tensor seed = tape.scope().allocate(DType.F32, values.length);
    backend.write(gradient, seed);
    tape.seed(variable, seed);
  }

  private static double sumOfNegativeCosines(double[] values) {
    return Arrays.stream(values).map(value -> -Math.cos(value)).sum();
  }

  @ParameterizedTest
  @EnumSource(Divergence.class)
  void divergenceAndCrossEntropyTogether(Divergence divergence) {
    try (Llama model = model(true);
        Scope scope = backend.scope("teacher")) {
      Tensor teacherHidden = gaussian(scope, "teacher hidden", BATCH * TIME, 6);
      Tensor teacherHead = gaussian(scope, "teacher head", VOCABULARY, 6);
      check(
          model,
          false,
          (tape, hidden, targets) -> {
            Tensor sums = tape.scope().zeros(backend.kernels(), DType.F64, 3);
            DistillationLoss loss = DistillationLoss.of(divergence, 0.3, 2, 0.5);
            tape.divergence(loss, hidden, model.head(), teacherHidden, teacherHead, targets, sums);
            return 0.5 * backend.doubles(sums)[0] + crossEntropy(model, tape, hidden, targets);
          });
    }
  }

  private Tensor gaussian(Scope scope, String label, int rows, int columns) {
    float[] values = new float[rows * columns];
    RandomKey.of(5).child(label).fillGaussian(values, 0, 1);
    Tensor tensor = scope.allocate(DType.F32, rows, columns);
    backend.write(values, tensor);
    return tensor;
  }

  private static ModelConfig config(boolean tied) {
    RopeConfig rope = new RopeConfig(10000, new RopeScaling.None());
    return new ModelConfig(2, 8, 4, 2, 4, 6, VOCABULARY, TIME, 1e-5, rope, tied);
  }

  private Llama model(boolean tied) {
    Llama model = Llama.trainable(config(tied), Precision.F32, backend);
    model.initialise(RandomKey.of(3), 0.4);
    return model;
  }

  private void check(Llama model, boolean recompute, Loss loss) {
    model.clearGradients();
    run(model, recompute, loss, true);
    for (Parameter parameter : model.parameters().stream().filter(Parameter::trained).toList()) {
      double[] gradient = backend.doubles(parameter.gradient());
      double[] values = backend.doubles(parameter.value());
      for (int i = 0; i < values.length; i += 1 + values.length / 40) {
        double expected = difference(model, parameter, values, i, loss);
        assertThat(gradient[i])
            .as(parameter.name() + "[" + i + "]")
            .isCloseTo(expected, offset(1e-7 + 1e-6 * Math.abs(expected)));
      }
    }
  }

  private double difference(
      Llama model, Parameter parameter, double[] values, int index, Loss loss) {
    double value = values[index];
    values[index] = value + STEP;
    backend.write(values, parameter.value());
    double above = run(model, false, loss, false);
    values[index] = value - STEP;
    backend.write(values, parameter.value());
    double below = run(model, false, loss, false);
    values[index] = value;
    backend.write(values, parameter.value());
    return (above - below) / (2 * STEP);
  }

  private double run(Llama model, boolean recompute, Loss loss, boolean backward) {
    try (Scope scope = backend.scope("run")) {
      Tape tape =
          backward
              ? Tape.recording(backend.kernels(), scope)
              : Tape.forwardOnly(backend.kernels(), scope);
      int[] tokens = {4, 1, 8, 3, 3, 10, 2, 6, 0, 7};
      int[] positions = {0, 1, 0, 1, 2, 0, 1, 2, 3, 0};
      int[] starts = {0, 0, 2, 2, 2, 0, 0, 0, 0, 4};
      TokenInput input = TokenInput.of(backend, scope, BATCH, TIME, tokens, positions, starts);
      Tensor targets = scope.allocate(DType.I32, TARGETS.length);
      backend.write(TARGETS, targets);
      double value = loss.of(tape, model.hidden(tape, input, recompute), targets);
      if (backward) {
        tape.backward();
      }
      return value;
    }
  }
}
