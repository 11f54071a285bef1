package io.kanana.core.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Results of several panels or tiles, of which the last are smaller than the others. */
class OneDnnProductTest {
  private static final int STRIDE = 1200;
  private static final Matrices MATRICES = new Matrices(STRIDE);
  private static final int K = 72;

  @ParameterizedTest
  @CsvSource({
    "false, true, true, false, 517, 1050",
    "false, false, true, false, 517, 1050",
    "true, false, true, false, 1050, 517",
    "false, true, true, true, 517, 1050",
    "false, true, true, false, 3, 5",
    "false, true, false, false, 517, 1050",
    "true, false, false, true, 1050, 517"
  })
  void isTheProductWithoutALibrary(
      boolean transposeA, boolean transposeB, boolean bf16, boolean accumulate, int m, int n) {
    CpuMemory memory = new CpuMemory();
    try (Arena arena = Arena.ofConfined();
        Workers workers = new Workers(2);
        MatrixProduct fast = Matrices.oneDnn(workers, memory);
        MatrixProduct slow = new VectorProduct(workers, memory, "compared")) {
      MemorySegment a = bf16 ? MATRICES.cut(arena, "a") : MATRICES.normal(arena, "a");
      MemorySegment b = bf16 ? MATRICES.cut(arena, "b") : MATRICES.normal(arena, "b");
      MemorySegment expected = MATRICES.normal(arena, "c");
      MemorySegment found = arena.allocate(expected.byteSize(), 64).copyFrom(expected);
      Operands operands = new Operands(m, n, a, transposeA, b, transposeB, bf16, accumulate);
      operands.multiply(slow, expected);
      operands.multiply(fast, found);
      // what lies beside the result is compared, too: it must be as it was
      assertThat(MATRICES.largestDifference(found, expected)).isLessThan(1e-3f);
    }
  }

  /** A product but for where it goes. */
  private record Operands(
      int m,
      int n,
      MemorySegment a,
      boolean transposeA,
      MemorySegment b,
      boolean transposeB,
      boolean bf16,
      boolean accumulate) {
    void multiply(MatrixProduct by, MemorySegment c) {
      by.multiply(
          m,
          n,
          K,
          a.address(),
          STRIDE,
          transposeA,
          b.address(),
          STRIDE,
          transposeB,
          bf16,
          c.address(),
          STRIDE,
          accumulate);
    }
  }
}
