package io.kanana.core.tensor.cpu;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kanana.core.random.RandomKey;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Square matrices of normal numbers, whose products two programs make. */
record Matrices(int stride) {
  /** The product of the library; the test is skipped where there is none. */
  static MatrixProduct oneDnn(Workers workers, CpuMemory memory) {
    try {
      return OneDnnProduct.open(workers, memory);
    } catch (IOException e) {
      assumeTrue(false, e.getMessage());
      throw new AssertionError(e);
    }
  }

  MemorySegment normal(Arena arena, String name) {
    return arena
        .allocate((long) Float.BYTES * stride * stride, 64)
        .copyFrom(MemorySegment.ofArray(values(name)));
  }

  /** In BF16, cut off. */
  MemorySegment cut(Arena arena, String name) {
    float[] values = values(name);
    short[] upper = new short[values.length];
    for (int i = 0; i < upper.length; i++) {
      upper[i] = (short) (Float.floatToRawIntBits(values[i]) >>> Short.SIZE);
    }
    return arena
        .allocate((long) Short.BYTES * upper.length, 64)
        .copyFrom(MemorySegment.ofArray(upper));
  }

  private float[] values(String name) {
    float[] values = new float[stride * stride];
    RandomKey.of(1).child(name).fillGaussian(values, 0, 1);
    return values;
  }

  /** Of whole matrices in F32, with what lies beside a product in them. */
  float largestDifference(MemorySegment found, MemorySegment expected) {
    float largest = 0;
    for (int i = 0; i < stride * stride; i++) {
      float difference =
          found.getAtIndex(ValueLayout.JAVA_FLOAT, i)
              - expected.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      largest = Math.max(largest, Math.abs(difference));
    }
    return largest;
  }
}
