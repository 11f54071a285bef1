package io.kanana.core.tensor.cpu;

import static io.kanana.core.tensor.cpu.Lanes.BYTES;
import static io.kanana.core.tensor.cpu.Lanes.F32;
import static io.kanana.core.tensor.cpu.Lanes.MEMORY;
import static io.kanana.core.tensor.cpu.Lanes.ORDER;
import static io.kanana.core.tensor.cpu.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** What is computed of one row of logits, in place. */
final class HeadKernels {
  private HeadKernels() {}

  /** The largest of a row, at least -Float.MAX_VALUE. */
  static float max(long row, int n) {
    FloatVector max = FloatVector.broadcast(F32, -Float.MAX_VALUE);
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      max = max.max(FloatVector.fromMemorySegment(F32, MEMORY, row + 4L * i, ORDER));
    }
    float result = max.reduceLanes(VectorOperators.MAX);
    for (; i < n; i++) {
      result = Math.max(result, Lanes.f32(row + 4L * i));
    }
    return result;
  }

  /** The sum of a row. */
  static double sum(long row, int n) {
    FloatVector sum0 = FloatVector.zero(F32);
    FloatVector sum1 = FloatVector.zero(F32);
    int i = 0;
    for (; i + 2 * WIDTH <= n; i += 2 * WIDTH) {
      sum0 = sum0.add(FloatVector.fromMemorySegment(F32, MEMORY, row + 4L * i, ORDER));
      sum1 = sum1.add(FloatVector.fromMemorySegment(F32, MEMORY, row + 4L * i + BYTES, ORDER));
    }
    double sum = Lanes.sum(sum0.add(sum1));
    for (; i < n; i++) {
      sum += Lanes.f32(row + 4L * i);
    }
    return sum;
  }

  /**
   * log of the sum of exp(row * factor); the exponentials of what is left are put at {@code out}.
   */
  static double logSumExp(long row, long out, int n, float factor) {
    float max = max(row, n) * factor;
    Exponential.apply(row, out, n, factor, -max);
    return max + Math.log(sum(out, n));
  }

  /**
   * log of the ratio of two distributions: out = factor * (a - b) - shift, with the difference of
   * their log-sum-exps as shift.
   */
  static void logRatio(long a, long b, long out, int n, float factor, float shift) {
    for (int i = 0; i < n; i += WIDTH) {
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      long at = 4L * i;
      FloatVector left = FloatVector.fromMemorySegment(F32, MEMORY, a + at, ORDER, mask);
      FloatVector right = FloatVector.fromMemorySegment(F32, MEMORY, b + at, ORDER, mask);
      left.sub(right).mul(factor).sub(shift).intoMemorySegment(MEMORY, out + at, ORDER, mask);
    }
  }

  /** out = scale * (a - b). */
  static void difference(long a, long b, long out, int n, float scale) {
    for (int i = 0; i < n; i += WIDTH) {
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      long at = 4L * i;
      FloatVector left = FloatVector.fromMemorySegment(F32, MEMORY, a + at, ORDER, mask);
      FloatVector right = FloatVector.fromMemorySegment(F32, MEMORY, b + at, ORDER, mask);
      left.sub(right).mul(scale).intoMemorySegment(MEMORY, out + at, ORDER, mask);
    }
  }

  /** out = scale * p * (x - shift). */
  static void weighted(long p, long x, long out, int n, float shift, float scale) {
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      long at = 4L * i;
      FloatVector weight = FloatVector.fromMemorySegment(F32, MEMORY, p + at, ORDER).mul(scale);
      FloatVector value = FloatVector.fromMemorySegment(F32, MEMORY, x + at, ORDER).sub(shift);
      weight.mul(value).intoMemorySegment(MEMORY, out + at, ORDER);
    }
    if (i < n) {
      long at = 4L * i;
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      FloatVector weight =
          FloatVector.fromMemorySegment(F32, MEMORY, p + at, ORDER, mask).mul(scale);
      FloatVector value =
          FloatVector.fromMemorySegment(F32, MEMORY, x + at, ORDER, mask).sub(shift);
      weight.mul(value).intoMemorySegment(MEMORY, out + at, ORDER, mask);
    }
  }

  /** The inner product of two rows. */
  static float dot(long a, long b, int n) {
    FloatVector sum = FloatVector.broadcast(F32, 0f);
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      sum =
          FloatVector.fromMemorySegment(F32, MEMORY, a + 4L * i, ORDER)
              .fma(FloatVector.fromMemorySegment(F32, MEMORY, b + 4L * i, ORDER), sum);
    }
    if (i < n) {
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      sum =
          FloatVector.fromMemorySegment(F32, MEMORY, a + 4L * i, ORDER, mask)
              .fma(FloatVector.fromMemorySegment(F32, MEMORY, b + 4L * i, ORDER, mask), sum);
    }
    return Lanes.sum(sum);
  }
}
