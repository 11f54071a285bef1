package io.kanana.benchmarks;

import io.kanana.core.error.ConfigException;
import io.kanana.core.tensor.AdamWStep;
import io.kanana.core.tensor.AttentionShape;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A kernel at the size that it has in the shape 13m, with everything it works on.
 *
 * @param prepare makes the tensors, then returns the call
 */
record KernelCase(String name, Function<KernelInputs, Consumer<Kernels>> prepare) {
  private static final int B = 8;
  private static final int T = 256;
  private static final int N = B * T;
  private static final int C = 384;
  private static final int H = 6;
  private static final int D = 64;
  private static final int F = 1_024;
  private static final int V = 4_096;
  private static final AttentionShape ATTENTION = new AttentionShape(B, T, H, H, D);
  private static final double EPSILON = 1e-5;

  /** All of them, in the order of a report. */
  static final List<KernelCase> ALL =
      List.of(
          new KernelCase("matmul-nt", in -> output(in.f32(N, C), in.f32(2 * F, C), in)),
          new KernelCase("matmul-nt-bf16", in -> output(in.bf16(N, C), in.bf16(2 * F, C), in)),
          new KernelCase("matmul-nn", in -> dInput(in.f32(N, 2 * F), in.f32(2 * F, C), in)),
          new KernelCase("matmul-nn-bf16", in -> dInput(in.bf16(N, 2 * F), in.bf16(2 * F, C), in)),
          new KernelCase("matmul-tn", in -> dWeight(in.f32(N, 2 * F), in.f32(N, C), in)),
          new KernelCase("matmul-tn-bf16", in -> dWeight(in.bf16(N, 2 * F), in.bf16(N, C), in)),
          new KernelCase("attention", KernelCase::attention),
          new KernelCase("attentionBackward", KernelCase::attentionBackward),
          new KernelCase("rope", KernelCase::rope),
          new KernelCase("rmsNorm", KernelCase::rmsNorm),
          new KernelCase("rmsNormBackward", KernelCase::rmsNormBackward),
          new KernelCase("swiGlu", KernelCase::swiGlu),
          new KernelCase("swiGluBackward", KernelCase::swiGluBackward),
          new KernelCase("linearCrossEntropy", in -> head(in.f32(N, C), in.f32(V, C), in)),
          new KernelCase("linearCrossEntropy-bf16", in -> head(in.bf16(N, C), in.bf16(V, C), in)),
          new KernelCase("gatherRows", KernelCase::gatherRows),
          new KernelCase("scatterAddRows", KernelCase::scatterAddRows),
          new KernelCase("sumOfSquares", KernelCase::sumOfSquares),
          new KernelCase("copy-bf16", KernelCase::round),
          new KernelCase("adamW", KernelCase::adamW));

  static KernelCase named(String name) {
    return ALL.stream().filter(c -> c.name.equals(name)).findFirst().orElseThrow();
  }

  /**
   * The names in which the expression is found.
   *
   * @throws ConfigException if it is no regular expression or is found in none
   */
  static List<String> matching(String expression) {
    List<String> names = ALL.stream().map(KernelCase::name).toList();
    try {
      Pattern pattern = Pattern.compile(expression);
      List<String> found = names.stream().filter(name -> pattern.matcher(name).find()).toList();
      if (found.isEmpty()) {
        throw new ConfigException(
            "--filter",
            String.format(
                Locale.ROOT,
                "no kernel matches '%s'; there are %s",
                expression,
                String.join(", ", names)));
      }
      return found;
    } catch (PatternSyntaxException e) {
      throw new ConfigException(
          "--filter", "'" + expression + "' is no regular expression: " + e.getDescription());
    }
  }

  /** y = x w': the projection to gate and up. */
  private static Consumer<Kernels> output(Tensor x, Tensor weight, KernelInputs in) {
    Tensor y = in.f32(N, 2 * F);
    return kernels -> kernels.matmul(x, false, weight, true, y, false);
  }

  private static Consumer<Kernels> dInput(Tensor dY, Tensor weight, KernelInputs in) {
    Tensor dX = in.f32(N, C);
    return kernels -> kernels.matmul(dY, false, weight, false, dX, false);
  }

  private static Consumer<Kernels> dWeight(Tensor dY, Tensor x, KernelInputs in) {
    Tensor sum = in.f32(2 * F, C);
    return kernels -> kernels.matmul(dY, true, x, false, sum, true);
  }

  private static Consumer<Kernels> attention(KernelInputs in) {
    Tensor qkv = in.f32(N, ATTENTION.fusedWidth());
    Tensor starts = in.zeros(DType.I32, N);
    Tensor out = in.f32(N, ATTENTION.outputWidth());
    Tensor logSumExp = in.f32(B, H, T);
    return kernels -> kernels.attention(ATTENTION, qkv, starts, out, logSumExp);
  }

  private static Consumer<Kernels> attentionBackward(KernelInputs in) {
    Tensor dOut = in.f32(N, ATTENTION.outputWidth());
    Tensor qkv = in.f32(N, ATTENTION.fusedWidth());
    Tensor starts = in.zeros(DType.I32, N);
    Tensor out = in.f32(N, ATTENTION.outputWidth());
    Tensor logSumExp = in.f32(B, H, T);
    Tensor dQkv = in.f32(N, ATTENTION.fusedWidth());
    return kernels -> kernels.attentionBackward(ATTENTION, dOut, qkv, starts, out, logSumExp, dQkv);
  }

  private static Consumer<Kernels> rope(KernelInputs in) {
    Tensor qkv = in.f32(N, ATTENTION.fusedWidth());
    Tensor positions = in.ints(N, i -> i % T);
    Tensor table = in.f32(T, D);
    return kernels -> kernels.rope(qkv, 2 * H, positions, table, false, qkv);
  }

  private static Consumer<Kernels> rmsNorm(KernelInputs in) {
    Tensor x = in.f32(N, C);
    Tensor weight = in.f32(C);
    Tensor out = in.f32(N, C);
    Tensor inverseRms = in.f32(N);
    return kernels -> kernels.rmsNorm(x, weight, EPSILON, out, inverseRms);
  }

  private static Consumer<Kernels> rmsNormBackward(KernelInputs in) {
    Tensor dOut = in.f32(N, C);
    Tensor x = in.f32(N, C);
    Tensor weight = in.f32(C);
    Tensor inverseRms = in.f32(N);
    Tensor dX = in.f32(N, C);
    Tensor dWeight = in.f32(C);
    return kernels -> kernels.rmsNormBackward(dOut, x, weight, inverseRms, dX, dWeight);
  }

  private static Consumer<Kernels> swiGlu(KernelInputs in) {
    Tensor gateUp = in.f32(N, 2 * F);
    Tensor out = in.f32(N, F);
    return kernels -> kernels.swiGlu(gateUp, out);
  }

  private static Consumer<Kernels> swiGluBackward(KernelInputs in) {
    Tensor dOut = in.f32(N, F);
    Tensor gateUp = in.f32(N, 2 * F);
    Tensor dGateUp = in.f32(N, 2 * F);
    return kernels -> kernels.swiGluBackward(dOut, gateUp, dGateUp);
  }

  private static Consumer<Kernels> head(Tensor hidden, Tensor weight, KernelInputs in) {
    Tensor targets = in.ids(N, V);
    Tensor sums = in.zeros(DType.F64, 2);
    Tensor dHidden = in.f32(N, C);
    Tensor dWeight = in.f32(V, C);
    return kernels ->
        kernels.linearCrossEntropy(hidden, weight, targets, 1.0 / N, 0, sums, dHidden, dWeight);
  }

  private static Consumer<Kernels> gatherRows(KernelInputs in) {
    Tensor table = in.f32(V, C);
    Tensor ids = in.ids(N, V);
    Tensor out = in.f32(N, C);
    return kernels -> kernels.gatherRows(table, ids, out);
  }

  private static Consumer<Kernels> scatterAddRows(KernelInputs in) {
    Tensor dOut = in.f32(N, C);
    Tensor ids = in.ids(N, V);
    Tensor dTable = in.f32(V, C);
    return kernels -> kernels.scatterAddRows(dOut, ids, dTable);
  }

  private static Consumer<Kernels> sumOfSquares(KernelInputs in) {
    Tensor x = in.f32(V, C);
    Tensor sum = in.zeros(DType.F64, 1);
    return kernels -> kernels.sumOfSquares(x, sum);
  }

  private static Consumer<Kernels> round(KernelInputs in) {
    Tensor source = in.f32(N, 2 * F);
    Tensor out = in.bf16(N, 2 * F);
    return kernels -> kernels.copy(source, out);
  }

  private static Consumer<Kernels> adamW(KernelInputs in) {
    AdamWStep step = new AdamWStep(1e-4, 0.9, 0.95, 1e-8, 1e-5, 1, 1, 1);
    Tensor weight = in.f32(V, C);
    Tensor gradient = in.f32(V, C);
    Tensor moment1 = in.zeros(DType.F32, V, C);
    Tensor moment2 = in.zeros(DType.F32, V, C);
    return kernels -> kernels.adamW(step, weight, gradient, moment1, moment2, null);
  }
}
