package io.kanana.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.kanana.core.random.RandomKey;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every backward kernel of the reference against central differences in double, for every element
 * of every input and parameter. What other back ends must agree with is right, then.
 */
class KernelGradientTest {
  /** The truncation error is about its square, the rounding error 1e-16 over it. */
  private static final double STEP = 1e-5;

  private static final int[] TARGETS = {3, Kernels.IGNORED, 0, 4, 3};

  private final TensorBackend backend = TensorBackends.open("reference", 1);
  private final Kernels kernels = backend.kernels();
  private final Scope scope = backend.scope("gradients");
  private int tensors;

  @AfterEach
  void close() {
    scope.close();
    backend.close();
  }

  // ---- the check ------------------------------------------------------------------------------

  private Tensor normal(int... shape) {
    RandomKey key = RandomKey.of(17).child(tensors++);
    double[] values = new double[(int) Tensor.size(shape)];
    Arrays.setAll(values, key::gaussian);
    Tensor tensor = scope.allocate(DType.F32, shape);
    backend.write(values, tensor);
    return tensor;
  }

  private Tensor zeros(int... shape) {
    return scope.zeros(kernels, DType.F32, shape);
  }

  private Tensor ints(int[] values, int... shape) {
    Tensor tensor = scope.allocate(DType.I32, shape);
    backend.write(values, tensor);
    return tensor;
  }

  private double dot(Tensor a, Tensor b) {
    double[] x = backend.doubles(a);
    double[] y = backend.doubles(b);
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  /** Compares the gradient of a loss by {@code input} with differences of the loss. */
  private void check(String name, Tensor gradient, Tensor input, DoubleSupplier loss) {
    double[] values = backend.doubles(input);
    double[] actual = backend.doubles(gradient);
    for (int i = 0; i < values.length; i++) {
      double expected = difference(input, values, i, loss);
      assertThat(actual[i])
          .as("%s[%d]", name, i)
          .isCloseTo(expected, offset(1e-8 + 1e-7 * Math.abs(expected)));
    }
  }

  private double difference(Tensor input, double[] values, int index, DoubleSupplier loss) {
    double value = values[index];
    values[index] = value + STEP;
    backend.write(values, input);
    double above = loss.getAsDouble();
    values[index] = value - STEP;
    backend.write(values, input);
    double below = loss.getAsDouble();
    values[index] = value;
    backend.write(values, input);
    return (above - below) / (2 * STEP);
  }

  // ---- products and tables --------------------------------------------------------------------

  /** The gradients of a product are products: dA = dOut B', dB = A' dOut, or their transposes. */
  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void matmul(boolean transposeA, boolean transposeB) {
    Tensor a = transposeA ? normal(4, 3) : normal(3, 4);
    Tensor b = transposeB ? normal(5, 4) : normal(4, 5);
    Tensor dOut = normal(3, 5);
    Tensor dA = zeros(a.shape());
    Tensor dB = zeros(b.shape());
    if (transposeA) {
      kernels.matmul(b, transposeB, dOut, true, dA, true);
    } else {
      kernels.matmul(dOut, false, b, !transposeB, dA, true);
    }
    if (transposeB) {
      kernels.matmul(dOut, true, a, transposeA, dB, true);
    } else {
      kernels.matmul(a, !transposeA, dOut, false, dB, true);
    }
    Tensor out = zeros(3, 5);
    DoubleSupplier loss =
        () -> {
          kernels.matmul(a, transposeA, b, transposeB, out, false);
          return dot(dOut, out);
        };
    check("dA", dA, a, loss);
    check("dB", dB, b, loss);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void gatherRows(int width) {
    Tensor table = normal(4, width);
    Tensor rows = ints(new int[] {2, 0, 2, 3, 2}, 5);
    Tensor dOut = normal(5, width);
    Tensor dTable = zeros(4, width);
    kernels.scatterAddRows(dOut, rows, dTable);
    Tensor out = zeros(5, width);
    DoubleSupplier loss =
        () -> {
          kernels.gatherRows(table, rows, out);
          return dot(dOut, out);
        };
    check("dTable", dTable, table, loss);
  }

  // ---- layers ---------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 5", "4, 7"})
  void rmsNorm(int rows, int width) {
    Tensor x = normal(rows, width);
    Tensor weight = normal(width);
    Tensor out = zeros(rows, width);
    Tensor inverseRms = zeros(rows);
    Tensor dOut = normal(rows, width);
    DoubleSupplier loss =
        () -> {
          kernels.rmsNorm(x, weight, 0.01, out, inverseRms);
          return dot(dOut, out);
        };
    assertThat(loss.getAsDouble()).isNotZero();
    Tensor dX = zeros(rows, width);
    Tensor dWeight = zeros(width);
    kernels.rmsNormBackward(dOut, x, weight, inverseRms, dX, dWeight);
    check("dX", dX, x, loss);
    check("dWeight", dWeight, weight, loss);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 6})
  void rope(int headDim) {
    Tensor source = normal(4, 3 * headDim);
    Tensor x = zeros(4, 3 * headDim);
    Tensor positions = ints(new int[] {0, 2, 1, 2}, 4);
    Tensor table = normal(3, headDim); // the gradient does not need cosines and sines to fit
    Tensor dOut = normal(4, 3 * headDim);
    Tensor dX = zeros(4, 3 * headDim);
    kernels.copy(dOut, dX);
    kernels.rope(dX, 2, positions, table, true, dX);
    DoubleSupplier loss =
        () -> {
          kernels.copy(source, x);
          kernels.rope(x, 2, positions, table, false, x);
          return dot(dOut, x);
        };
    check("dX", dX, source, loss);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 2, 0",
    "2, 4, 2, 2, 4, 0",
    "1, 6, 4, 2, 4, 3",
    "2, 5, 3, 1, 2, 2",
    "1, 4, 2, 1, 6, 1"
  })
  void attention(int batch, int time, int heads, int kvHeads, int headDim, int documentLength) {
    AttentionShape shape = new AttentionShape(batch, time, heads, kvHeads, headDim);
    Tensor qkv = normal(shape.tokens(), shape.fusedWidth());
    Tensor starts = ints(starts(shape, documentLength), batch, time);
    Tensor out = zeros(shape.tokens(), shape.outputWidth());
    Tensor logSumExp = zeros(batch, heads, time);
    Tensor dOut = normal(shape.tokens(), shape.outputWidth());
    DoubleSupplier loss =
        () -> {
          kernels.attention(shape, qkv, starts, out, logSumExp);
          return dot(dOut, out);
        };
    assertThat(loss.getAsDouble()).isNotZero();
    Tensor dQkv = normal(shape.tokens(), shape.fusedWidth());
    kernels.attentionBackward(shape, dOut, qkv, starts, out, logSumExp, dQkv);
    check("dQkv", dQkv, qkv, loss);
  }

  /** Documents of a length, shifted from sequence to sequence; 0 for one document a sequence. */
  private static int[] starts(AttentionShape shape, int length) {
    int[] starts = new int[shape.tokens()];
    for (int i = 0; i < starts.length; i++) {
      int t = i % shape.time();
      boolean begins = t == 0 || (length > 0 && i % length == 0);
      starts[i] = begins ? t : starts[i - 1];
    }
    return starts;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 5"})
  void swiGlu(int rows, int width) {
    Tensor gateUp = normal(rows, 2 * width);
    Tensor out = zeros(rows, width);
    Tensor dOut = normal(rows, width);
    Tensor dGateUp = normal(rows, 2 * width);
    kernels.swiGluBackward(dOut, gateUp, dGateUp);
    DoubleSupplier loss =
        () -> {
          kernels.swiGlu(gateUp, out);
          return dot(dOut, out);
        };
    check("dGateUp", dGateUp, gateUp, loss);
  }

  // ---- heads ----------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1})
  void linearCrossEntropy(double zLoss) {
    Tensor hidden = normal(5, 3);
    Tensor weight = normal(7, 3);
    Tensor targets = ints(TARGETS, 5);
    Tensor dHidden = normal(5, 3);
    Tensor dWeight = zeros(7, 3);
    Tensor sums = scope.zeros(kernels, DType.F64, 2);
    kernels.linearCrossEntropy(hidden, weight, targets, 0.25, zLoss, sums, dHidden, dWeight);
    DoubleSupplier loss =
        () -> {
          kernels.fill(sums, 0);
          kernels.linearCrossEntropy(hidden, weight, targets, 0.25, zLoss, sums, null, null);
          double[] values = backend.doubles(sums);
          return 0.25 * (values[0] + zLoss * values[1]);
        };
    check("dHidden", dHidden, hidden, loss);
    check("dWeight", dWeight, weight, loss);
  }

  /** The sums themselves, from probabilities written out. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1})
  void linearCrossEntropyIsTheLossItSays(double zLoss) {
    Tensor hidden = normal(5, 3);
    Tensor weight = normal(7, 3);
    Tensor sums = scope.zeros(kernels, DType.F64, 2);
    kernels.linearCrossEntropy(hidden, weight, ints(TARGETS, 5), 1, zLoss, sums, null, null);
    Tensor logits = zeros(5, 7);
    kernels.matmul(hidden, false, weight, true, logits, false);
    double crossEntropy = 0;
    double squares = 0;
    for (int i = 0; i < 5; i++) {
      double[] row = backend.doubles(logits.slice(i, i + 1));
      double total = Arrays.stream(row).map(Math::exp).sum();
      if (TARGETS[i] != Kernels.IGNORED) {
        crossEntropy -= Math.log(Math.exp(row[TARGETS[i]]) / total);
        squares += Math.log(total) * Math.log(total);
      }
    }
    assertThat(backend.doubles(sums)[0]).isCloseTo(crossEntropy, offset(1e-12));
    assertThat(backend.doubles(sums)[1]).isCloseTo(squares, offset(1e-12));
  }

  /** A loss of a student, with or without gradients. */
  private interface StudentLoss {
    void run(DistillationLoss loss, Tensor sums, Tensor dHidden, Tensor dWeight);
  }

  /** Of all terms of a loss, at temperature 1 and another. */
  private void checkStudent(
      Divergence divergence, Tensor hidden, Tensor weight, StudentLoss student) {
    for (double temperature : new double[] {1, 2.5}) {
      DistillationLoss loss = new DistillationLoss(divergence, 0.3, temperature, 0.25, 0.5, 0.01);
      Tensor sums = scope.zeros(kernels, DType.F64, 3);
      Tensor dHidden = normal(5, 3);
      Tensor dWeight = zeros(7, 3);
      student.run(loss, sums, dHidden, dWeight);
      DoubleSupplier value =
          () -> {
            kernels.fill(sums, 0);
            student.run(loss, sums, null, null);
            double[] terms = backend.doubles(sums);
            assertThat(terms[0]).isPositive();
            return 0.25 * terms[0] + 0.5 * (terms[1] + 0.01 * terms[2]);
          };
      check("dHidden", dHidden, hidden, value);
      check("dWeight", dWeight, weight, value);
    }
  }

  @ParameterizedTest
  @EnumSource(Divergence.class)
  void linearDivergence(Divergence divergence) {
    Tensor hidden = normal(5, 3);
    Tensor weight = normal(7, 3);
    Tensor teacherHidden = normal(5, 4);
    Tensor teacherWeight = normal(7, 4);
    Tensor targets = ints(TARGETS, 5);
    checkStudent(
        divergence,
        hidden,
        weight,
        (loss, sums, dHidden, dWeight) ->
            kernels.linearDivergence(
                loss,
                hidden,
                weight,
                teacherHidden,
                teacherWeight,
                targets,
                sums,
                dHidden,
                dWeight));
  }

  @ParameterizedTest
  @CsvSource({
    "FORWARD, BUCKET",
    "REVERSE, BUCKET",
    "SYMMETRIC, BUCKET",
    "JENSEN_SHANNON, BUCKET",
    "FORWARD, DROPPED",
    "REVERSE, DROPPED",
    "FORWARD, DROPPED_BY_TEACHER"
  })
  void linearTopDivergence(Divergence divergence, TeacherRest rest) {
    Tensor hidden = normal(5, 3);
    Tensor weight = normal(7, 3);
    Tensor ids = ints(new int[] {6, 1, 0, 3, 2, 4, 5, 1, 2, 3}, 5, 2);
    Tensor logs = normal(5, 2);
    Tensor logRest = normal(5);
    Tensor targets = ints(TARGETS, 5);
    checkStudent(
        divergence,
        hidden,
        weight,
        (loss, sums, dHidden, dWeight) ->
            kernels.linearTopDivergence(
                loss, rest, hidden, weight, ids, logs, logRest, targets, sums, dHidden, dWeight));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void linearLogProbabilities(int vocabulary) {
    int[] wanted = Arrays.stream(TARGETS).map(target -> Math.min(target, vocabulary - 1)).toArray();
    Tensor hidden = normal(5, 3);
    Tensor weight = normal(vocabulary, 3);
    Tensor targets = ints(wanted, 5);
    Tensor out = zeros(5);
    Tensor logSumExp = zeros(5);
    Tensor dOut = normal(5);
    DoubleSupplier loss =
        () -> {
          kernels.linearLogProbabilities(hidden, weight, targets, out, logSumExp);
          return dot(dOut, out);
        };
    assertThat(loss.getAsDouble()).isNotNaN();
    Tensor dHidden = normal(5, 3);
    Tensor dWeight = zeros(vocabulary, 3);
    kernels.linearLogProbabilitiesBackward(
        dOut, hidden, weight, targets, logSumExp, dHidden, dWeight);
    check("dHidden", dHidden, hidden, loss);
    check("dWeight", dWeight, weight, loss);
  }

  // ---- what has no gradient -------------------------------------------------------------------

  /** Attention to a cache, in pieces, is attention to the whole sequence. */
  @ParameterizedTest
  @CsvSource({"2, 1", "3, 2", "7, 7"})
  void cachedAttention(int piece, int kvHeads) {
    AttentionShape whole = new AttentionShape(1, 7, kvHeads * 2, kvHeads, 4);
    Tensor qkv = normal(7, whole.fusedWidth());
    Tensor out = zeros(7, whole.outputWidth());
    kernels.attention(whole, qkv, ints(new int[7], 1, 7), out, zeros(1, whole.heads(), 7));
    Tensor keys = zeros(1, 9, kvHeads * 4);
    Tensor values = zeros(1, 9, kvHeads * 4);
    for (int from = 0; from < 7; from += piece) {
      int to = Math.min(7, from + piece);
      AttentionShape part = new AttentionShape(1, to - from, whole.heads(), kvHeads, 4);
      Tensor partOut = zeros(to - from, whole.outputWidth());
      Tensor lengths = ints(new int[] {from}, 1);
      kernels.cachedAttention(part, qkv.slice(from, to), keys, values, lengths, partOut);
      double[] expected = backend.doubles(out.slice(from, to));
      assertThat(backend.doubles(partOut)).containsExactly(expected, offset(1e-14));
    }
  }

  /** The update as in the paper, from a constant gradient: m and v are geometric sums. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10})
  void adamW(int steps) {
    Tensor weight = zeros(1);
    backend.write(new double[] {2}, weight);
    Tensor gradient = zeros(1);
    backend.write(new double[] {-6}, gradient);
    Tensor moment1 = zeros(1);
    Tensor moment2 = zeros(1);
    double expected = 2;
    for (int t = 1; t <= steps; t++) {
      double correction1 = 1 - Math.pow(0.9, t);
      double correction2 = 1 - Math.pow(0.95, t);
      AdamWStep step = new AdamWStep(0.1, 0.9, 0.95, 0.5, 0.01, correction1, correction2, 0.5);
      kernels.adamW(step, weight, gradient, moment1, moment2, null);
      // corrected moments of a constant -3 are -3 and 9
      expected = expected * 0.99 + 0.1 * 3 / (3 + 0.5);
      assertThat(backend.doubles(weight)[0]).isCloseTo(expected, offset(1e-13));
    }
  }
}
