package io.kanana.core.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kanana.core.random.RandomKey;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Blocks of matrices, whose last copies are narrower than the others. */
class SpacedProductTest {
  private static final int STRIDE = 1024;
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
        MatrixProduct fast = oneDnn(workers, memory);
        MatrixProduct slow = new VectorProduct(workers, memory, "compared")) {
      MemorySegment a = normal(arena, "a");
      MemorySegment b = normal(arena, "b");
      MemorySegment expected = normal(arena, "c");
      MemorySegment found = arena.allocate(expected.byteSize(), 64).copyFrom(expected);
      multiply(slow, m, n, a, transposeA, b, transposeB, expected, accumulate);
      multiply(fast, m, n, a, transposeA, b, transposeB, found, accumulate);
      // what lies beside the block is compared, too: it must be as it was
      assertThat(largestDifference(found, expected)).isLessThan(1e-3f);
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

  private static float largestDifference(MemorySegment found, MemorySegment expected) {
    float largest = 0;
    for (int i = 0; i < STRIDE * STRIDE; i++) {
      float difference =
          found.getAtIndex(ValueLayout.JAVA_FLOAT, i)
              - expected.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      largest = Math.max(largest, Math.abs(difference));
    }
    return largest;
  }

  private static MatrixProduct oneDnn(Workers workers, CpuMemory memory) {
    try {
      return OneDnnProduct.open(workers, memory);
    } catch (IOException e) {
      assumeTrue(false, e.getMessage());
      throw new AssertionError(e);
    }
  }

  private static MemorySegment normal(Arena arena, String name) {
    float[] values = new float[STRIDE * STRIDE];
    RandomKey.of(1).child(name).fillGaussian(values, 0, 1);
    MemorySegment matrix = arena.allocate(4L * values.length, 64);
    return matrix.copyFrom(MemorySegment.ofArray(values));
  }
}
