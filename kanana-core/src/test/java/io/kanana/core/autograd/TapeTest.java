package io.kanana.core.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.DistillationLoss;
import io.kanana.core.tensor.Divergence;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.TeacherRest;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackendProvider;
import io.kanana.core.tensor.TensorBackends;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What a recording tape does with a parameter that is not trained. */
class TapeTest {
  private static final int ROWS = 5;
  private static final int WIDTH = 6;
  private static final int VOCABULARY = 7;

  private static final DistillationLoss LOSS =
      new DistillationLoss(Divergence.REVERSE, 0, 2, 0.5, 0.25, 0);

  /** Records an operation that reads {@code x} and a parameter. */
  private interface Operation {
    void record(Bench bench, Variable x, Parameter parameter);
  }

  private static final Map<String, Operation> OPERATIONS =
      Map.of(
          "linear",
          (bench, x, p) -> bench.seed(bench.tape.linear(x, p)),
          "linear with residual",
          (bench, x, p) -> bench.seed(bench.tape.linear(x, p, bench.variable(VOCABULARY))),
          "rmsNorm",
          (bench, x, p) -> bench.seed(bench.tape.rmsNorm(x, bench.norm(p), 1e-5, DType.F32)),
          "crossEntropy",
          (bench, x, p) -> bench.tape.crossEntropy(x, p, bench.targets, 0.5, 0.1, bench.sums(2)),
          "divergence",
          (bench, x, p) ->
              bench.tape.divergence(
                  LOSS,
                  x,
                  p,
                  bench.variable(WIDTH).value(),
                  bench.weight(),
                  bench.targets,
                  bench.sums(3)),
          "topDivergence",
          (bench, x, p) ->
              bench.tape.topDivergence(
                  LOSS,
                  TeacherRest.BUCKET,
                  x,
                  p,
                  bench.ids(),
                  bench.normal(ROWS, 2),
                  bench.normal(ROWS),
                  bench.targets,
                  bench.sums(3)),
          "logProbabilities",
          (bench, x, p) -> bench.seed(bench.tape.logProbabilities(x, p, bench.targets)));

  /** A tape with operands that are the same every time. */
  private static final class Bench {
    private final TensorBackend backend;
    private final Scope scope;
    private final Tape tape;
    private final Tensor targets;
    private int made;

    Bench(TensorBackend backend, Scope scope) {
      this.backend = backend;
      this.scope = scope;
      this.tape = Tape.recording(backend.kernels(), scope);
      this.targets = scope.allocate(DType.I32, ROWS);
      backend.write(new int[] {0, 3, -1, 6, 2}, targets);
    }

    Tensor normal(int... shape) {
      float[] values = new float[(int) Tensor.size(shape)];
      RandomKey.of(3).child(made++).fillGaussian(values, 0, 1);
      Tensor tensor = scope.allocate(DType.F32, shape);
      backend.write(values, tensor);
      return tensor;
    }

    /** Two of each row. */
    Tensor ids() {
      Tensor ids = scope.allocate(DType.I32, ROWS, 2);
      backend.write(new int[] {0, 1, 2, 3, 4, 5, 6, 0, 1, 2}, ids);
      return ids;
    }

    Variable variable(int width) {
      return tape.constant(normal(ROWS, width));
    }

    Tensor weight() {
      return normal(VOCABULARY, WIDTH);
    }

    Tensor sums(int count) {
      return scope.zeros(backend.kernels(), DType.F64, count);
    }

    void seed(Variable out) {
      tape.seed(out, normal(out.value().shape()));
    }

    Parameter parameter(Tensor value, boolean trained) {
      Tensor gradient = trained ? scope.zeros(backend.kernels(), DType.F32, value.shape()) : null;
      return new Parameter(List.of(new Part("p", 0, value.dim(0))), false, value, gradient, value);
    }

    /** A norm that is trained where the parameter is. */
    Parameter norm(Parameter parameter) {
      return parameter(normal(WIDTH), parameter.trained());
    }
  }

  @TestFactory
  Stream<DynamicTest> theGradientGoesPastAParameterThatIsNotTrained() {
    return TensorBackends.providers().stream()
        .filter(provider -> provider.obstacle().isEmpty())
        .flatMap(
            provider -> OPERATIONS.entrySet().stream().map(entry -> goesPast(provider, entry)));
  }

  private static DynamicTest goesPast(
      TensorBackendProvider provider, Map.Entry<String, Operation> entry) {
    return DynamicTest.dynamicTest(
        entry.getKey() + " on " + provider.name(),
        () -> {
          try (TensorBackend backend = provider.open(1)) {
            double[] expected = gradient(backend, entry.getValue(), true);
            assertThat(Arrays.stream(expected)).anyMatch(value -> value != 0);
            assertThat(gradient(backend, entry.getValue(), false)).isEqualTo(expected);
          }
        });
  }

  /** That of the input of an operation. */
  private static double[] gradient(TensorBackend backend, Operation operation, boolean trained) {
    try (Scope scope = backend.scope("tape")) {
      Bench bench = new Bench(backend, scope);
      Variable x = bench.variable(WIDTH);
      operation.record(bench, x, bench.parameter(bench.weight(), trained));
      bench.tape.backward();
      return backend.doubles(x.takeGradient());
    }
  }

  @TestFactory
  Stream<DynamicTest> anEmbeddingThatIsNotTrainedStaysAsItIs() {
    return TensorBackends.providers().stream()
        .filter(provider -> provider.obstacle().isEmpty())
        .map(provider -> DynamicTest.dynamicTest(provider.name(), () -> lookUp(provider)));
  }

  private static void lookUp(TensorBackendProvider provider) {
    try (TensorBackend backend = provider.open(1);
        Scope scope = backend.scope("tape")) {
      Bench bench = new Bench(backend, scope);
      Tensor table = bench.weight();
      double[] before = backend.doubles(table);
      Tensor ids = scope.zeros(backend.kernels(), DType.I32, ROWS);
      bench.seed(bench.tape.embedding(bench.parameter(table, false), ids));
      bench.tape.backward();
      assertThat(backend.doubles(table)).isEqualTo(before);
    }
  }
}
