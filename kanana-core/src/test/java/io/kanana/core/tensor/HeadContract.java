package io.kanana.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Linear heads with their losses. */
public interface HeadContract extends BackendFixture {
  /** N, C and V; among them more rows than a chunk is likely to hold. */
  List<int[]> HEADS =
      List.of(
          new int[] {1, 1, 2},
          new int[] {3, 17, 1},
          new int[] {1, 3, 17},
          new int[] {17, 127, 3},
          new int[] {127, 17, 127},
          new int[] {256, 384, 300},
          new int[] {1100, 3, 17});

  /** Which gradients are asked for: that of a weight that is not trained is left out. */
  enum Gradients {
    NONE,
    OF_HIDDEN,
    OF_BOTH
  }

  /** The sizes and sides of a head whose logits have a deviation of {@code logitSize}. */
  record Head(DType dtype, int rows, int width, int vocabulary, double logitSize) {
    private double weightDeviation() {
      return logitSize / Math.sqrt(width);
    }

    Equivalence.Operand hidden(Equivalence e) {
      return e.normal(dtype, 1, rows, width);
    }

    Equivalence.Operand weight(Equivalence e) {
      return e.normal(dtype, weightDeviation(), vocabulary, width);
    }

    /** Every fifth is ignored. */
    Equivalence.Operand targets(Equivalence e) {
      int[] targets = e.below(vocabulary, rows);
      for (int i = 3; i < rows; i += 5) {
        targets[i] = Kernels.IGNORED;
      }
      return e.ints(targets, rows);
    }

    Equivalence.Operand dHidden(Equivalence e, Gradients gradients) {
      return gradients == Gradients.NONE ? null : e.output(DType.F32, rows, width);
    }

    Equivalence.Operand dWeight(Equivalence e, Gradients gradients) {
      return gradients == Gradients.OF_BOTH
          ? e.changedNormal(DType.F32, 0.1, vocabulary, width)
          : null;
    }

    Tolerance logits() {
      return Tolerance.sum(width);
    }

    Tolerance loss() {
      return logits().plus(Tolerance.sum(vocabulary));
    }

    /** A probability, which is rounded once more when it becomes an operand of a product. */
    Tolerance slopes() {
      return Tolerance.exponential(logits(), 4 * logitSize)
          .plus(Tolerance.sum(vocabulary))
          .throughOperandsOf(dtype);
    }

    Tolerance dHidden() {
      return slopes().plus(Tolerance.sum(vocabulary));
    }

    Tolerance dWeight() {
      return slopes().plus(Tolerance.sum(rows));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  default void linearCrossEntropy(DType dtype) {
    for (int[] size : HEADS) {
      Head head = new Head(dtype, size[0], size[1], size[2], 1);
      compareCrossEntropy(head, 0.125, 1e-2, Gradients.OF_BOTH);
    }
    Head head = new Head(dtype, 17, 33, 127, 1);
    compareCrossEntropy(head, 0.125, 0, Gradients.OF_BOTH);
    compareCrossEntropy(head, 0.125, 1e-2, Gradients.OF_HIDDEN);
    compareCrossEntropy(head, 0.125, 1e-2, Gradients.NONE);
  }

  /** More words than a chunk is likely to hold in its rows. */
  @Test
  default void linearCrossEntropyOfALargeVocabulary() {
    Head head = new Head(DType.F32, 140, 5, 40_009, 1);
    compareCrossEntropy(head, 0.125, 1e-2, Gradients.OF_BOTH);
  }

  @ParameterizedTest
  @ValueSource(doubles = {100, 2500})
  default void linearCrossEntropyOfLargeLogits(double logitSize) {
    for (DType dtype : new DType[] {DType.F32, DType.BF16}) {
      Head head = new Head(dtype, 33, 17, 127, logitSize);
      compareCrossEntropy(head, 1, 0, Gradients.OF_BOTH);
      compareCrossEntropy(head, 1, 1e-4, Gradients.OF_BOTH);
    }
  }

  private void compareCrossEntropy(Head head, double scale, double zLoss, Gradients gradients) {
    compare(
        e -> {
          Equivalence.Operand hidden = head.hidden(e);
          Equivalence.Operand weight = head.weight(e);
          Equivalence.Operand targets = head.targets(e);
          Equivalence.Operand sums = e.changed(DType.F64, new double[] {0.5, 0.25}, 2);
          Equivalence.Operand dHidden = head.dHidden(e, gradients);
          Equivalence.Operand dWeight = head.dWeight(e, gradients);
          e.run(
              (kernels, side) ->
                  kernels.linearCrossEntropy(
                      side.of(hidden),
                      side.of(weight),
                      side.of(targets),
                      scale,
                      zLoss,
                      side.of(sums),
                      side.of(dHidden),
                      side.of(dWeight)));
          e.check("sums", sums, head.loss());
          checkIfWanted(e, "dHidden", dHidden, head.dHidden());
          checkIfWanted(e, "dWeight", dWeight, head.dWeight());
        });
  }

  static void checkIfWanted(
      Equivalence e, String name, Equivalence.Operand operand, Tolerance tolerance) {
    if (operand != null) {
      e.check(name, operand, tolerance);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  default void linearLogProbabilities(DType dtype) {
    for (int[] size : HEADS) {
      compareLogProbabilities(new Head(dtype, size[0], size[1], size[2], 1));
    }
    compareLogProbabilities(new Head(dtype, 17, 33, 127, 2500));
  }

  private void compareLogProbabilities(Head head) {
    compare(
        e -> {
          Equivalence.Operand hidden = head.hidden(e);
          Equivalence.Operand weight = head.weight(e);
          Equivalence.Operand targets = head.targets(e);
          Equivalence.Operand out = e.output(DType.F32, head.rows());
          Equivalence.Operand logSumExp = e.output(DType.F32, head.rows());
          e.run(
              (kernels, side) ->
                  kernels.linearLogProbabilities(
                      side.of(hidden),
                      side.of(weight),
                      side.of(targets),
                      side.of(out),
                      side.of(logSumExp)));
          e.check("out", out, head.loss());
          e.check("logSumExp", logSumExp, head.loss());
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  default void linearLogProbabilitiesBackward(DType dtype) {
    for (int[] size : HEADS) {
      Head head = new Head(dtype, size[0], size[1], size[2], 1);
      compare(e -> compareLogProbabilitiesBackward(e, head, Gradients.OF_BOTH));
    }
    Head large = new Head(dtype, 17, 33, 127, 2500);
    compare(e -> compareLogProbabilitiesBackward(e, large, Gradients.OF_BOTH));
    Head head = new Head(dtype, 17, 33, 127, 1);
    compare(e -> compareLogProbabilitiesBackward(e, head, Gradients.OF_HIDDEN));
  }

  private static void compareLogProbabilitiesBackward(
      Equivalence e, Head head, Gradients gradients) {
    Equivalence.Operand dOut = e.normal(DType.F32, 1, head.rows());
    Equivalence.Operand hidden = head.hidden(e);
    Equivalence.Operand weight = head.weight(e);
    Equivalence.Operand targets = head.targets(e);
    Equivalence.Operand out = e.output(DType.F32, head.rows());
    Equivalence.Operand logSumExp = e.output(DType.F32, head.rows());
    Equivalence.Operand dHidden = head.dHidden(e, gradients);
    Equivalence.Operand dWeight = head.dWeight(e, gradients);
    e.run(
        (kernels, side) -> {
          kernels.linearLogProbabilities(
              side.of(hidden), side.of(weight), side.of(targets), side.of(out), side.of(logSumExp));
          kernels.linearLogProbabilitiesBackward(
              side.of(dOut),
              side.of(hidden),
              side.of(weight),
              side.of(targets),
              side.of(logSumExp),
              side.of(dHidden),
              side.of(dWeight));
        });
    e.check("dHidden", dHidden, head.dHidden());
    checkIfWanted(e, "dWeight", dWeight, head.dWeight());
  }

  /** Where no target counts, nothing is added and dHidden is zero. */
  @Test
  default void headsWithAllTargetsIgnored() {
    Head head = new Head(DType.F32, 5, 3, 17, 1);
    int[] ignored = new int[5];
    Arrays.fill(ignored, Kernels.IGNORED);
    compare(
        e -> {
          Equivalence.Operand hidden = head.hidden(e);
          Equivalence.Operand weight = head.weight(e);
          Equivalence.Operand targets = e.ints(ignored, 5);
          Equivalence.Operand dOut = e.normal(DType.F32, 1, 5);
          Equivalence.Operand sums = e.changed(DType.F64, new double[] {0.5, 0.25}, 2);
          Equivalence.Operand sums3 = e.changed(DType.F64, new double[] {0.75, 0, 1}, 3);
          Equivalence.Operand out = e.output(DType.F32, 5);
          Equivalence.Operand logSumExp = e.output(DType.F32, 5);
          Equivalence.Operand dHidden = e.output(DType.F32, 5, 3);
          Equivalence.Operand dHidden2 = e.output(DType.F32, 5, 3);
          Equivalence.Operand dHidden3 = e.output(DType.F32, 5, 3);
          Equivalence.Operand dWeight = e.changedNormal(DType.F32, 1, 17, 3);
          e.run(
              (kernels, side) -> {
                Tensor h = side.of(hidden);
                Tensor w = side.of(weight);
                Tensor t = side.of(targets);
                Tensor dW = side.of(dWeight);
                kernels.linearCrossEntropy(h, w, t, 1, 0.1, side.of(sums), side.of(dHidden), dW);
                DistillationLoss loss = new DistillationLoss(Divergence.FORWARD, 0, 1, 1, 1, 0.1);
                kernels.linearDivergence(
                    loss, h, w, h, w, t, side.of(sums3), side.of(dHidden2), dW);
                kernels.linearLogProbabilities(h, w, t, side.of(out), side.of(logSumExp));
                kernels.linearLogProbabilitiesBackward(
                    side.of(dOut), h, w, t, side.of(logSumExp), side.of(dHidden3), dW);
              });
          e.check("sums", sums, Tolerance.EXACT);
          e.check("sums of the divergence", sums3, Tolerance.EXACT);
          assertThat(e.result(out)).containsOnly(0.0);
          e.check("dWeight", dWeight, Tolerance.EXACT);
          for (Equivalence.Operand gradient : List.of(dHidden, dHidden2, dHidden3)) {
            e.check("dHidden", gradient, Tolerance.EXACT);
          }
        });
  }

  /** A number that broke down must stay visible up to the loss, where the step is refused. */
  @Test
  default void notANumberIsNotSwallowed() {
    for (double broken : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      Head head = new Head(DType.F32, 5, 33, 70, 1);
      try (Equivalence e = new Equivalence(backend(), reference(), 0)) {
        double[] values = e.gaussian(1, 5, 33);
        values[40] = broken;
        Equivalence.Operand hidden = e.input(DType.F32, values, 5, 33);
        Equivalence.Operand weight = head.weight(e);
        Equivalence.Operand targets = e.ints(new int[5], 5);
        Equivalence.Operand sums = e.changed(DType.F64, new double[2], 2);
        e.run(
            (kernels, side) ->
                kernels.linearCrossEntropy(
                    side.of(hidden),
                    side.of(weight),
                    side.of(targets),
                    1,
                    0,
                    side.of(sums),
                    null,
                    null));
        assertThat(e.result(sums)[0]).isNaN();
      }
    }
  }
}
