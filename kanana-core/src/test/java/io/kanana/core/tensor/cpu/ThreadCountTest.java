package io.kanana.core.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.AdamWStep;
import io.kanana.core.tensor.AttentionShape;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.DistillationLoss;
import io.kanana.core.tensor.Divergence;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.TeacherRest;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Results do not depend on the number of threads: parts are cut by shape alone. */
@Tag("vector-width")
class ThreadCountTest {
  /** A back end and a scope of it to compute something with. */
  private record Bench(TensorBackend backend, Scope scope) {
    Kernels kernels() {
      return backend.kernels();
    }

    Tensor normal(String name, int... shape) {
      Tensor tensor = scope.allocate(DType.F32, shape);
      float[] values = new float[Math.toIntExact(tensor.size())];
      RandomKey.of(1).child(name).fillGaussian(values, 0, 1);
      backend.write(values, tensor);
      return tensor;
    }

    Tensor rounded(DType dtype, Tensor values) {
      Tensor out = scope.allocate(dtype, values.dim(0), values.dim(1));
      kernels().copy(values, out);
      return out;
    }

    Tensor zeros(int... shape) {
      return scope.zeros(kernels(), DType.F32, shape);
    }

    Tensor ints(int[] values) {
      Tensor tensor = scope.allocate(DType.I32, values.length);
      backend.write(values, tensor);
      return tensor;
    }
  }

  private static void assertSame(BiFunction<Bench, Kernels, Tensor> computation) {
    double[] alone = run(1, computation);
    for (int threads : new int[] {2, 3}) {
      assertThat(run(threads, computation)).as(threads + " threads").isEqualTo(alone);
    }
  }

  private static double[] run(int threads, BiFunction<Bench, Kernels, Tensor> computation) {
    try (TensorBackend backend = new CpuBackendProvider().open(threads);
        Scope scope = backend.scope("test")) {
      return backend.doubles(computation.apply(new Bench(backend, scope), backend.kernels()));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void products(boolean transposeA) {
    assertSame(
        (bench, kernels) -> {
          Tensor a = transposeA ? bench.normal("a", 160, 300) : bench.normal("a", 300, 160);
          Tensor out = bench.zeros(300, 200);
          kernels.matmul(a, transposeA, bench.normal("b", 200, 160), true, out, true);
          return out;
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void matmulOfRowsThatShareSetsOfACache(boolean transposeA) {
    assertSame(
        (bench, kernels) -> {
          Tensor a = transposeA ? bench.normal("a", 200, 1024) : bench.normal("a", 1024, 200);
          Tensor out = bench.zeros(1024, 1024);
          kernels.matmul(a, transposeA, bench.normal("b", 200, 1024), false, out, true);
          return out;
        });
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "BF16"})
  void productsOfAnySize(DType dtype) {
    RandomKey sizes = RandomKey.of(3).child(dtype.name());
    for (int i = 0; i < 20; i++) {
      int m = 1 + sizes.below(3 * i + 0, 700);
      int n = 1 + sizes.below(3 * i + 1, 700);
      int k = 1 + sizes.below(3 * i + 2, 300);
      assertSame(
          (bench, kernels) -> {
            Tensor out = bench.zeros(m, n);
            Tensor a = bench.rounded(dtype, bench.normal("a", m, k));
            Tensor b = bench.rounded(dtype, bench.normal("b", n, k));
            kernels.matmul(a, false, b, true, out, false);
            return out;
          });
    }
  }

  @Test
  void attention() {
    AttentionShape shape = new AttentionShape(2, 150, 4, 2, 32);
    assertSame(
        (bench, kernels) -> {
          Tensor qkv = bench.normal("qkv", shape.tokens(), shape.fusedWidth());
          Tensor starts = bench.ints(new int[shape.tokens()]);
          Tensor out = bench.zeros(shape.tokens(), shape.outputWidth());
          Tensor lse = bench.zeros(shape.batch(), shape.heads(), shape.time());
          kernels.attention(shape, qkv, starts, out, lse);
          Tensor dOut = bench.normal("dOut", shape.tokens(), shape.outputWidth());
          Tensor dQkv = bench.zeros(shape.tokens(), shape.fusedWidth());
          kernels.attentionBackward(shape, dOut, qkv, starts, out, lse, dQkv);
          return dQkv;
        });
  }

  @Test
  void weightGradientOfNorm() {
    assertSame(
        (bench, kernels) -> {
          Tensor x = bench.normal("x", 333, 48);
          Tensor dWeight = bench.zeros(48);
          kernels.rmsNormBackward(
              bench.normal("dOut", 333, 48),
              x,
              bench.normal("weight", 48),
              bench.normal("inverse", 333),
              bench.zeros(333, 48),
              dWeight);
          return dWeight;
        });
  }

  @Test
  void crossEntropy() {
    assertSame(
        (bench, kernels) -> {
          Tensor sums = bench.scope.zeros(kernels, DType.F64, 2);
          Tensor dWeight = bench.zeros(500, 64);
          Tensor hidden = bench.normal("hidden", 300, 64);
          Tensor weight = bench.normal("weight", 500, 64);
          Tensor targets = bench.ints(new int[300]);
          kernels.linearCrossEntropy(
              hidden, weight, targets, 0.01, 1e-3, sums, bench.zeros(300, 64), dWeight);
          return dWeight;
        });
  }

  @ParameterizedTest
  @EnumSource(Divergence.class)
  void divergences(Divergence divergence) {
    DistillationLoss loss = new DistillationLoss(divergence, 0.3, 1.5, 0.01, 0.02, 1e-3);
    assertSame(
        (bench, kernels) -> {
          Tensor dWeight = bench.zeros(500, 64);
          Tensor hidden = bench.normal("hidden", 300, 64);
          Tensor weight = bench.normal("weight", 500, 64);
          Tensor teacher = bench.normal("teacher", 300, 32);
          Tensor teacherWeight = bench.normal("teacherWeight", 500, 32);
          Tensor targets = bench.ints(new int[300]);
          Tensor sums = bench.scope.zeros(kernels, DType.F64, 3);
          Tensor dHidden = bench.zeros(300, 64);
          kernels.linearDivergence(
              loss, hidden, weight, teacher, teacherWeight, targets, sums, dHidden, dWeight);
          Tensor ids = bench.ints(new int[300 * 7]).reshape(300, 7);
          Tensor logs = bench.zeros(300, 7);
          Tensor rest = bench.zeros(300);
          kernels.linearTopProbabilities(teacher, teacherWeight, 1.5, ids, logs, rest);
          kernels.linearTopDivergence(
              loss,
              TeacherRest.BUCKET,
              hidden,
              weight,
              ids,
              logs,
              rest,
              targets,
              sums,
              dHidden,
              dWeight);
          return dWeight;
        });
  }

  @Test
  void sumOfSquaresAndUpdate() {
    AdamWStep step = new AdamWStep(1e-3, 0.9, 0.95, 1e-8, 1e-4, 0.1, 0.05, 0.5);
    assertSame(
        (bench, kernels) -> {
          Tensor weight = bench.normal("w", 100_001);
          Tensor gradient = bench.normal("g", 100_001);
          kernels.adamW(step, weight, gradient, bench.zeros(100_001), bench.zeros(100_001), null);
          Tensor sum = bench.scope.zeros(kernels, DType.F64, 1);
          kernels.sumOfSquares(weight, sum);
          return sum;
        });
  }
}
