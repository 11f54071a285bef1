package io.kanana.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Filling, copying, adding, scaling, summing, updating; reading and writing. */
public interface ElementContract extends BackendFixture {
  /** Around the widths of vectors and of what a thread takes at once. */
  int LARGE = 100_003;

  @ParameterizedTest
  @EnumSource(DType.class)
  default void fillOfEveryDtype(DType dtype) {
    for (int size : new int[] {1, 3, 17, 127, LARGE}) {
      for (double value : new double[] {0, -3}) {
        compare(
            e -> {
              Equivalence.Operand out = e.changedNormal(dtype, 1, size);
              e.run((kernels, side) -> kernels.fill(side.of(out), value));
              e.check("out", out, Tolerance.EXACT);
            });
      }
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  default void copyOfEveryDtype(DType dtype) {
    for (int size : new int[] {1, 3, 17, 127, LARGE}) {
      compare(
          e -> {
            Equivalence.Operand source =
                dtype == DType.I32
                    ? e.ints(e.below(1 << 30, size), size)
                    : e.normal(dtype, 1, size);
            Equivalence.Operand out = e.changedNormal(dtype, 1, size);
            e.run((kernels, side) -> kernels.copy(side.of(source), side.of(out)));
            e.check("out", out, Tolerance.EXACT);
          });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 17, 127, LARGE})
  default void copyFromBf16(int size) {
    compare(
        e -> {
          Equivalence.Operand source = e.normal(DType.BF16, 1, size);
          Equivalence.Operand out = e.output(DType.F32, size);
          e.run((kernels, side) -> kernels.copy(side.of(source), side.of(out)));
          e.check("out", out, Tolerance.EXACT);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 17, 127, LARGE})
  default void copyToBf16(int size) {
    compare(
        e -> {
          Equivalence.Operand source = e.normal(DType.F32, 1, size);
          Equivalence.Operand out = e.output(DType.BF16, size);
          e.run((kernels, side) -> kernels.copy(side.of(source), side.of(out)));
          e.check("out", out, Tolerance.EXACT.storedAs(DType.BF16));
        });
  }

  @Test
  default void copyToBf16RoundsToNearestEven() {
    float[] values = ties();
    try (Scope scope = backend().scope("rounding")) {
      Tensor source = scope.allocate(DType.F32, values.length);
      Tensor copied = scope.allocate(DType.BF16, values.length);
      Tensor written = scope.allocate(DType.BF16, values.length);
      backend().write(values, source);
      backend().write(values, written);
      backend().kernels().copy(source, copied);
      float[] byCopy = backend().floats(copied);
      float[] byWrite = backend().floats(written);
      for (int i = 0; i < values.length; i++) {
        Float nearest = Bf16.nearest(values[i]); // boxed, so that NaN equals NaN
        assertThat(byCopy[i]).as("copy of %a", values[i]).isEqualTo(nearest);
        assertThat(byWrite[i]).as("write of %a", values[i]).isEqualTo(nearest);
      }
    }
  }

  /** Halfway cases, their neighbours, and the ends of the range. */
  private static float[] ties() {
    int[] upper = {0x3F80, 0x3F81, 0x4049, 0x7F7E, 0x0080, 0x42FF};
    int[] lower = {0x0000, 0x0001, 0x7FFF, 0x8000, 0x8001, 0xFFFF};
    float[] special = {
      0f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE
    };
    float[] values = new float[2 * upper.length * lower.length + special.length];
    int n = 0;
    for (int high : upper) {
      for (int low : lower) {
        values[n++] = Float.intBitsToFloat(high << 16 | low);
        values[n++] = -Float.intBitsToFloat(high << 16 | low);
      }
    }
    System.arraycopy(special, 0, values, n, special.length);
    return values;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 17, 127, LARGE})
  default void add(int size) {
    compare(
        e -> {
          Equivalence.Operand x = e.normal(DType.F32, 1, size);
          Equivalence.Operand out = e.changedNormal(DType.F32, 1, size);
          e.run((kernels, side) -> kernels.add(side.of(x), side.of(out)));
          e.check("out", out, Tolerance.operations(1));
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 17, 127, LARGE})
  default void scale(int size) {
    compare(
        e -> {
          Equivalence.Operand x = e.changedNormal(DType.F32, 1, size);
          e.run((kernels, side) -> kernels.scale(side.of(x), 0.3));
          e.check("x", x, Tolerance.operations(2));
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 17, 127, LARGE})
  default void sumOfSquares(int size) {
    compare(
        e -> {
          Equivalence.Operand x = e.normal(DType.F32, 1, size);
          Equivalence.Operand sum = e.changed(DType.F64, new double[] {0.25}, 1);
          e.run((kernels, side) -> kernels.sumOfSquares(side.of(x), side.of(sum)));
          e.check("sum", sum, Tolerance.sum(1));
        });
  }

  /** A square must not overflow where the norm itself is a number. */
  @Test
  default void sumOfSquaresOfLargeValues() {
    compare(
        e -> {
          Equivalence.Operand x = e.normal(DType.F32, 1e18, 1000);
          Equivalence.Operand sum = e.changed(DType.F64, new double[] {0}, 1);
          e.run((kernels, side) -> kernels.sumOfSquares(side.of(x), side.of(sum)));
          e.check("sum", sum, Tolerance.sum(1));
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 17, 127, LARGE})
  default void adamW(int size) {
    AdamWStep late = new AdamWStep(3e-4, 0.9, 0.95, 1e-8, 3e-5, 0.7, 0.4, 0.5);
    compareAdamW(late, size, DType.BF16);
    compareAdamW(late, size, null);
  }

  /** The corrections of step 1, a large epsilon, no clipping. */
  @Test
  default void adamWOfTheFirstStep() {
    compareAdamW(new AdamWStep(1e-2, 0.9, 0.999, 1e-2, 0, 0.1, 0.001, 1), 127, DType.BF16);
  }

  private void compareAdamW(AdamWStep step, int size, DType computeType) {
    compare(
        e -> {
          Equivalence.Operand weight = e.changedNormal(DType.F32, 0.02, size);
          Equivalence.Operand gradient = e.normal(DType.F32, 0.1, size);
          Equivalence.Operand moment1 = e.changedNormal(DType.F32, 0.05, size);
          Equivalence.Operand moment2 = e.changed(DType.F32, squares(e, size), size);
          Equivalence.Operand compute = computeType == null ? null : e.output(computeType, size);
          e.run(
              (kernels, side) ->
                  kernels.adamW(
                      step,
                      side.of(weight),
                      side.of(gradient),
                      side.of(moment1),
                      side.of(moment2),
                      side.of(compute)));
          e.check("weight", weight, Tolerance.operations(8));
          e.check("moment1", moment1, Tolerance.operations(4));
          e.check("moment2", moment2, Tolerance.operations(4));
          if (compute != null) {
            e.check("compute", compute, Tolerance.operations(8).storedAs(DType.BF16));
          }
        });
  }

  private static double[] squares(Equivalence e, int size) {
    double[] values = e.gaussian(0.1, size);
    for (int i = 0; i < size; i++) {
      values[i] *= values[i];
    }
    return values;
  }

  /** A weight that never had a gradient stays where decay puts it. */
  @Test
  default void adamWWithoutGradient() {
    AdamWStep step = new AdamWStep(0.1, 0.9, 0.95, 1e-8, 0.25, 0.1, 0.05, 1);
    compare(
        e -> {
          Equivalence.Operand weight = e.changedNormal(DType.F32, 1, 17);
          Equivalence.Operand gradient = e.input(DType.F32, new double[17], 17);
          Equivalence.Operand moment1 = e.changed(DType.F32, new double[17], 17);
          Equivalence.Operand moment2 = e.changed(DType.F32, new double[17], 17);
          e.run(
              (kernels, side) ->
                  kernels.adamW(
                      step,
                      side.of(weight),
                      side.of(gradient),
                      side.of(moment1),
                      side.of(moment2),
                      null));
          e.check("weight", weight, Tolerance.operations(2));
          e.check("moment1", moment1, Tolerance.EXACT);
          e.check("moment2", moment2, Tolerance.EXACT);
        });
  }
}
