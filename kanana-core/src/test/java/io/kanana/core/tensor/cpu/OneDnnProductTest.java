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

/** Results of several panels or tiles, of which the last are smaller than the others. */
class OneDnnProductTest {
  private static final int STRIDE = 1200;
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
        MatrixProduct fast = oneDnn(workers, memory);
        MatrixProduct slow = new VectorProduct(workers, memory, "compared")) {
      MemorySegment a = bf16 ? rounded(arena, "a") : normal(arena, "a");
      MemorySegment b = bf16 ? rounded(arena, "b") : normal(arena, "b");
      MemorySegment expected = normal(arena, "c");
      MemorySegment found = arena.allocate(expected.byteSize(), 64).copyFrom(expected);
      Operands operands = new Operands(m, n, a, transposeA, b, transposeB, bf16, accumulate);
      operands.multiply(slow, expected);
      operands.multiply(fast, found);
      // what lies beside the result is compared, too: it must be as it was
      assertThat(largestDifference(found, expected)).isLessThan(1e-3f);
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

  private static float[] values(String name) {
    float[] values = new float[STRIDE * STRIDE];
    RandomKey.of(1).child(name).fillGaussian(values, 0, 1);
    return values;
  }

  private static MemorySegment normal(Arena arena, String name) {
    return arena.allocate(4L * STRIDE * STRIDE, 64).copyFrom(MemorySegment.ofArray(values(name)));
  }

  /** In BF16, cut off. */
  private static MemorySegment rounded(Arena arena, String name) {
    float[] values = values(name);
    short[] upper = new short[values.length];
    for (int i = 0; i < upper.length; i++) {
      upper[i] = (short) (Float.floatToRawIntBits(values[i]) >>> Short.SIZE);
    }
    return arena.allocate(2L * upper.length, 64).copyFrom(MemorySegment.ofArray(upper));
  }
}
