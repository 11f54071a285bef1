package io.kanana.core.tensor;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Matrix products and tables. */
public interface ProductContract extends BackendFixture {
  /** M, N and K of products. */
  List<int[]> PRODUCTS =
      List.of(
          new int[] {1, 1, 1},
          new int[] {1, 17, 3},
          new int[] {17, 1, 127},
          new int[] {3, 127, 1},
          new int[] {1, 515, 127},
          new int[] {5, 67, 65},
          new int[] {8, 131, 96},
          new int[] {17, 3, 17},
          new int[] {127, 127, 17},
          new int[] {17, 127, 127},
          new int[] {64, 48, 32});

  static Stream<Arguments> matrixTypes() {
    return Stream.of(DType.F32, DType.BF16)
        .flatMap(dtype -> Stream.of(false, true).map(a -> Arguments.of(dtype, a)))
        .flatMap(
            given ->
                Stream.of(false, true).map(b -> Arguments.of(given.get()[0], given.get()[1], b)));
  }

  @ParameterizedTest
  @MethodSource("io.kanana.core.tensor.ProductContract#matrixTypes")
  default void matmulOfOddSizes(DType dtype, boolean transposeA, boolean transposeB) {
    for (int[] size : PRODUCTS) {
      compareMatmul(dtype, transposeA, transposeB, false, size[0], size[1], size[2]);
      compareMatmul(dtype, transposeA, transposeB, true, size[0], size[1], size[2]);
    }
  }

  /** The three products of a linear layer at the sizes of a small model. */
  @ParameterizedTest
  @CsvSource({
    "false, true, false, 256, 384, 384",
    "false, false, false, 256, 384, 160",
    "true, false, true, 384, 160, 256"
  })
  default void matmulOfALayer(
      boolean transposeA, boolean transposeB, boolean accumulate, int m, int n, int k) {
    compareMatmul(DType.F32, transposeA, transposeB, accumulate, m, n, k);
    compareMatmul(DType.BF16, transposeA, transposeB, accumulate, m, n, k);
  }

  /** Rows a power of two apart, which a back end may copy before it multiplies. */
  @ParameterizedTest
  @CsvSource({
    "true, false, true, 1024, 1030, 390",
    "true, true, false, 1024, 130, 390",
    "false, false, false, 130, 1024, 390"
  })
  default void matmulOfRowsThatShareSetsOfACache(
      boolean transposeA, boolean transposeB, boolean accumulate, int m, int n, int k) {
    compareMatmul(DType.F32, transposeA, transposeB, accumulate, m, n, k);
  }

  private void compareMatmul(
      DType dtype,
      boolean transposeA,
      boolean transposeB,
      boolean accumulate,
      int m,
      int n,
      int k) {
    compare(
        e -> {
          Equivalence.Operand a = transposeA ? e.normal(dtype, 1, k, m) : e.normal(dtype, 1, m, k);
          Equivalence.Operand b = transposeB ? e.normal(dtype, 1, n, k) : e.normal(dtype, 1, k, n);
          Equivalence.Operand out =
              accumulate ? e.changedNormal(DType.F32, 1, m, n) : e.output(DType.F32, m, n);
          e.run(
              (kernels, side) ->
                  kernels.matmul(
                      side.of(a), transposeA, side.of(b), transposeB, side.of(out), accumulate));
          e.check("out", out, Tolerance.sum(k + 1));
        });
  }

  /** Large terms beside small ones: a product that goes through BF16 or F16 shows here. */
  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  default void matmulOfLargeValues(DType dtype) {
    compare(
        e -> {
          Equivalence.Operand a = e.normal(dtype, 1e6, 17, 33);
          Equivalence.Operand b = e.normal(dtype, 1e4, 33, 5);
          Equivalence.Operand out = e.output(DType.F32, 17, 5);
          e.run(
              (kernels, side) ->
                  kernels.matmul(side.of(a), false, side.of(b), false, side.of(out), false));
          e.check("out", out, Tolerance.sum(33));
        });
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 17, 5", "127, 3, 64", "1031, 127, 17", "300, 384, 256"})
  default void gatherRows(int tableRows, int width, int count) {
    compare(
        e -> {
          Equivalence.Operand table = e.normal(DType.F32, 1, tableRows, width);
          Equivalence.Operand rows = e.ints(e.below(tableRows, count), count);
          Equivalence.Operand out = e.output(DType.F32, count, width);
          e.run((kernels, side) -> kernels.gatherRows(side.of(table), side.of(rows), side.of(out)));
          e.check("out", out, Tolerance.EXACT);
        });
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 17, 5", "127, 3, 64", "5, 127, 400", "1031, 127, 17", "300, 384, 256"})
  default void scatterAddRows(int tableRows, int width, int count) {
    compare(
        e -> {
          Equivalence.Operand dOut = e.normal(DType.F32, 1, count, width);
          Equivalence.Operand rows = e.ints(e.below(tableRows, count), count);
          Equivalence.Operand dTable = e.changedNormal(DType.F32, 1, tableRows, width);
          e.run(
              (kernels, side) ->
                  kernels.scatterAddRows(side.of(dOut), side.of(rows), side.of(dTable)));
          e.check("dTable", dTable, Tolerance.sum(1 + count / tableRows));
        });
  }

  /** Additions in the order of the rows: large values that cancel leave what came after them. */
  @Test
  default void scatterAddRowsKeepsTheOrder() {
    double[] dOut = {1e8, -1e8, 1, 1e8, 1, -1e8};
    compare(
        e -> {
          Equivalence.Operand values = e.input(DType.F32, dOut, 6, 1);
          Equivalence.Operand rows = e.ints(new int[] {1, 1, 1, 0, 0, 0}, 6);
          Equivalence.Operand dTable = e.changed(DType.F32, new double[2], 2, 1);
          e.run(
              (kernels, side) ->
                  kernels.scatterAddRows(side.of(values), side.of(rows), side.of(dTable)));
          org.assertj.core.api.Assertions.assertThat(e.result(dTable)).containsExactly(0, 1);
        });
  }
}
