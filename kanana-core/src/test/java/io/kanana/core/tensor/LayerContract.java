package io.kanana.core.tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Normalisation, rotary positions, the gated unit. */
public interface LayerContract extends BackendFixture {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "3, 17, 1",
    "17, 3, 1",
    "127, 127, 1",
    "256, 384, 1",
    "5, 1000, 1",
    "17, 127, 1e4",
    "17, 127, 1e-5",
    "17, 127, 0"
  })
  default void rmsNorm(int rows, int width, double deviation) {
    for (DType dtype : new DType[] {DType.F32, DType.BF16}) {
      compare(
          e -> {
            Equivalence.Operand x = e.normal(DType.F32, deviation, rows, width);
            Equivalence.Operand weight = e.normal(DType.F32, 1, width);
            Equivalence.Operand out = e.output(dtype, rows, width);
            Equivalence.Operand inverseRms = e.output(DType.F32, rows);
            e.run(
                (kernels, side) ->
                    kernels.rmsNorm(
                        side.of(x), side.of(weight), 1e-5, side.of(out), side.of(inverseRms)));
            e.check("inverseRms", inverseRms, Tolerance.sum(width));
            e.check("out", out, Tolerance.sum(width).storedAs(dtype));
          });
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 17", "17, 3", "127, 127", "256, 384", "5, 1000"})
  default void rmsNormBackward(int rows, int width) {
    compare(
        e -> {
          Equivalence.Operand dOut = e.normal(DType.F32, 1, rows, width);
          Equivalence.Operand x = e.normal(DType.F32, 2, rows, width);
          Equivalence.Operand weight = e.normal(DType.F32, 1, width);
          Equivalence.Operand inverseRms = e.normal(DType.F32, 0.5, rows);
          Equivalence.Operand dX = e.changedNormal(DType.F32, 1, rows, width);
          Equivalence.Operand dWeight = e.changedNormal(DType.F32, 1, width);
          e.run(
              (kernels, side) ->
                  kernels.rmsNormBackward(
                      side.of(dOut),
                      side.of(x),
                      side.of(weight),
                      side.of(inverseRms),
                      side.of(dX),
                      side.of(dWeight)));
          e.check("dX", dX, Tolerance.sum(width));
          e.check("dWeight", dWeight, Tolerance.sum(rows));
        });
  }

  /** A weight that is not trained has no gradient. */
  @Test
  default void rmsNormBackwardPastAWeight() {
    compare(
        e -> {
          Equivalence.Operand dOut = e.normal(DType.F32, 1, 17, 127);
          Equivalence.Operand x = e.normal(DType.F32, 2, 17, 127);
          Equivalence.Operand weight = e.normal(DType.F32, 1, 127);
          Equivalence.Operand inverseRms = e.normal(DType.F32, 0.5, 17);
          Equivalence.Operand dX = e.changedNormal(DType.F32, 1, 17, 127);
          e.run(
              (kernels, side) ->
                  kernels.rmsNormBackward(
                      side.of(dOut),
                      side.of(x),
                      side.of(weight),
                      side.of(inverseRms),
                      side.of(dX),
                      null));
          e.check("dX", dX, Tolerance.sum(127));
        });
  }

  /** Rows, heads that turn, their dim, columns that do not, positions. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 2, 0, 1",
    "3, 3, 6, 5, 17",
    "17, 2, 16, 32, 127",
    "127, 3, 34, 0, 64",
    "64, 6, 64, 128, 256",
    "17, 2, 128, 128, 1024"
  })
  default void rope(int rows, int heads, int headDim, int others, int positions) {
    int width = heads * headDim + others;
    for (boolean inverse : new boolean[] {false, true}) {
      compare(
          e -> {
            Equivalence.Operand x = e.changedNormal(DType.F32, 1, rows, width);
            Equivalence.Operand at = e.ints(e.below(positions, rows), rows);
            Equivalence.Operand table =
                e.input(DType.F32, turns(positions, headDim), positions, headDim);
            Equivalence.Operand rounded = e.output(DType.BF16, rows, width);
            e.run(
                (kernels, side) -> {
                  Tensor in = side.of(x);
                  kernels.rope(in, heads, side.of(at), side.of(table), inverse, side.of(rounded));
                  kernels.rope(in, heads, side.of(at), side.of(table), inverse, in);
                });
            e.check("out in BF16", rounded, Tolerance.operations(3).storedAs(DType.BF16));
            e.check("x", x, Tolerance.operations(3));
          });
    }
  }

  private static double[] turns(int positions, int headDim) {
    double[] table = new double[positions * headDim];
    int half = headDim / 2;
    for (int p = 0; p < positions; p++) {
      for (int i = 0; i < half; i++) {
        double angle = p * Math.pow(10_000, -(double) i / half);
        table[p * headDim + i] = Math.cos(angle);
        table[p * headDim + half + i] = Math.sin(angle);
      }
    }
    return table;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "3, 17, 1",
    "17, 3, 1",
    "127, 127, 1",
    "256, 384, 2",
    "17, 127, 100",
    "17, 127, 1e4"
  })
  default void swiGlu(int rows, int width, double deviation) {
    for (DType dtype : new DType[] {DType.F32, DType.BF16}) {
      compare(
          e -> {
            Equivalence.Operand gateUp = e.normal(DType.F32, deviation, rows, 2 * width);
            Equivalence.Operand out = e.output(dtype, rows, width);
            e.run((kernels, side) -> kernels.swiGlu(side.of(gateUp), side.of(out)));
            e.check("out", out, Tolerance.operations(8).storedAs(dtype));
          });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "3, 17, 1",
    "17, 3, 1",
    "127, 127, 1",
    "256, 384, 2",
    "17, 127, 100",
    "17, 127, 1e4"
  })
  default void swiGluBackward(int rows, int width, double deviation) {
    for (DType dtype : new DType[] {DType.F32, DType.BF16}) {
      compare(
          e -> {
            Equivalence.Operand dOut = e.normal(DType.F32, 1, rows, width);
            Equivalence.Operand gateUp = e.normal(DType.F32, deviation, rows, 2 * width);
            Equivalence.Operand dGateUp = e.output(dtype, rows, 2 * width);
            e.run(
                (kernels, side) ->
                    kernels.swiGluBackward(side.of(dOut), side.of(gateUp), side.of(dGateUp)));
            e.check("dGateUp", dGateUp, Tolerance.operations(16).storedAs(dtype));
          });
    }
  }

  /** Both tails of the sigmoid, where a naive formula overflows. */
  @ParameterizedTest
  @ValueSource(doubles = {-1e4, -200, -88.8, -17, 0, 17, 88.8, 200, 1e4})
  default void swiGluOfExtremeGates(double gate) {
    compare(
        e -> {
          Equivalence.Operand dOut = e.input(DType.F32, new double[] {1, 1}, 2, 1);
          Equivalence.Operand gateUp = e.input(DType.F32, new double[] {gate, 3, 1, 1}, 2, 2);
          Equivalence.Operand out = e.output(DType.F32, 2, 1);
          Equivalence.Operand dGateUp = e.output(DType.F32, 2, 2);
          e.run(
              (kernels, side) -> {
                kernels.swiGlu(side.of(gateUp), side.of(out));
                kernels.swiGluBackward(side.of(dOut), side.of(gateUp), side.of(dGateUp));
              });
          e.check("out", out, Tolerance.operations(8));
          e.check("dGateUp", dGateUp, Tolerance.operations(16));
        });
  }

  /** A number that broke down must stay visible; here one in each place of a vector. */
  @Test
  default void notANumberPassesThroughLayers() {
    int width = 37;
    for (int at = 0; at < width; at++) {
      try (Equivalence e = new Equivalence(backend(), reference(), 0)) {
        double[] values = e.gaussian(1, 2, width);
        values[width + at] = Double.NaN;
        double[] gates = e.gaussian(1, 2, 2 * width);
        gates[2 * width + at] = Double.NaN;
        Equivalence.Operand x = e.input(DType.F32, values, 2, width);
        Equivalence.Operand gateUp = e.input(DType.F32, gates, 2, 2 * width);
        Equivalence.Operand weight = e.normal(DType.F32, 1, width);
        Equivalence.Operand normal = e.output(DType.F32, 2, width);
        Equivalence.Operand inverseRms = e.output(DType.F32, 2);
        Equivalence.Operand gated = e.output(DType.F32, 2, width);
        e.run(
            (kernels, side) -> {
              kernels.rmsNorm(
                  side.of(x), side.of(weight), 1e-5, side.of(normal), side.of(inverseRms));
              kernels.swiGlu(side.of(gateUp), side.of(gated));
            });
        e.check("out", normal, Tolerance.sum(width));
        e.check("gated", gated, Tolerance.operations(8));
      }
    }
  }
}
