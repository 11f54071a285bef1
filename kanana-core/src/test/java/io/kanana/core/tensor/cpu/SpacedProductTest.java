package io.kanana.core.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Blocks of matrices, whose last copies are narrower than the others. */
class SpacedProductTest {
  private static final int STRIDE = 1024;
  private static final Matrices MATRICES = new Matrices(STRIDE);
  private static final int K = 390;

  @ParameterizedTest
  @CsvSource({
    "true, false, false, 549, 130",
    "true, true, true, 549, 130",
    "false, false, false, 130, 549",
    "false, false, true, 130, 549"
  })
  void isTheProductWithoutALibrary(
      boolean transposeA, boolean transposeB, boolean accumulate, int m, int n) {
    assertThat(SpacedProduct.pays(m, n, K, STRIDE, transposeA, STRIDE, transposeB)).isTrue();
    CpuMemory memory = new CpuMemory();
    try (Arena arena = Arena.ofConfined();
        Workers workers = new Workers(1);
        MatrixProduct fast = Matrices.oneDnn(workers, memory);
        MatrixProduct slow = new VectorProduct(workers, memory, "compared")) {
      MemorySegment a = MATRICES.normal(arena, "a");
      MemorySegment b = MATRICES.normal(arena, "b");
      MemorySegment expected = MATRICES.normal(arena, "c");
      MemorySegment found = arena.allocate(expected.byteSize(), 64).copyFrom(expected);
      multiply(slow, m, n, a, transposeA, b, transposeB, expected, accumulate);
      multiply(fast, m, n, a, transposeA, b, transposeB, found, accumulate);
      // what lies beside the block is compared, too: it must be as it was
      assertThat(MATRICES.largestDifference(found, expected)).isLessThan(1e-3f);
    }
  }

  private static void multiply(
      MatrixProduct product,
      int m,
      int n,
      MemorySegment a,
      boolean transposeA,
      MemorySegment b,
      boolean transposeB,
      MemorySegment c,
      boolean accumulate) {
    product.multiplyBlock(
        0,
        m,
        n,
        K,
        a.address(),
        STRIDE,
        transposeA,
        b.address(),
        STRIDE,
        transposeB,
        false,
        c.address(),
        STRIDE,
        accumulate);
  }
}
