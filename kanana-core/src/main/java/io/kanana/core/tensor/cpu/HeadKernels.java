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
    FloatVector max0 = FloatVector.broadcast(F32, -Float.MAX_VALUE);
    FloatVector max1 = max0;
    int i = 0;
    for (; i + 2 * WIDTH <= n; i += 2 * WIDTH) {
      max0 = max0.max(FloatVector.fromMemorySegment(F32, MEMORY, row + 4L * i, ORDER));
      max1 = max1.max(FloatVector.fromMemorySegment(F32, MEMORY, row + 4L * i + BYTES, ORDER));
    }
    float result = max0.max(max1).reduceLanes(VectorOperators.MAX);
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
    return exponentials(row, out, n, factor) + Math.log(sum(out, n));
  }

  /**
   * The exponentials of what is left when the largest is taken off row * factor; returns what was
   * taken off.
   */
  static float exponentials(long row, long out, int n, float factor) {
    float max = max(row, n) * factor;
    Exponential.apply(row, out, n, factor, -max);
    return max;
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

  /** The sum of weight * (factor * (a - b) - shift). */
  static float weightedLogRatio(long weight, long a, long b, int n, float factor, float shift) {
    FloatVector sum = FloatVector.zero(F32);
    for (int i = 0; i < n; i += WIDTH) {
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      long at = 4L * i;
      FloatVector left = FloatVector.fromMemorySegment(F32, MEMORY, a + at, ORDER, mask);
      FloatVector right = FloatVector.fromMemorySegment(F32, MEMORY, b + at, ORDER, mask);
      FloatVector ratio = left.sub(right).mul(factor).sub(shift);
      sum = FloatVector.fromMemorySegment(F32, MEMORY, weight + at, ORDER, mask).fma(ratio, sum);
    }
    return Lanes.sum(sum);
  }

  /** out = p * (slope * x + level) - share * q; out may be any of them. */
  static void combine(
      long p, long x, long q, long out, int n, float slope, float level, float share) {
    FloatVector levels = FloatVector.broadcast(F32, level);
    FloatVector slopes = FloatVector.broadcast(F32, slope);
    for (int i = 0; i < n; i += WIDTH) {
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      long at = 4L * i;
      FloatVector factor =
          FloatVector.fromMemorySegment(F32, MEMORY, x + at, ORDER, mask).fma(slopes, levels);
      FloatVector left = FloatVector.fromMemorySegment(F32, MEMORY, p + at, ORDER, mask);
      FloatVector right = FloatVector.fromMemorySegment(F32, MEMORY, q + at, ORDER, mask);
      left.mul(factor).sub(right.mul(share)).intoMemorySegment(MEMORY, out + at, ORDER, mask);
    }
  }

  /** out += scale * x. */
  static void addScaled(long x, long out, int n, float scale) {
    FloatVector factor = FloatVector.broadcast(F32, scale);
    for (int i = 0; i < n; i += WIDTH) {
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      long at = 4L * i;
      FloatVector sum = FloatVector.fromMemorySegment(F32, MEMORY, out + at, ORDER, mask);
      FloatVector.fromMemorySegment(F32, MEMORY, x + at, ORDER, mask)
          .fma(factor, sum)
          .intoMemorySegment(MEMORY, out + at, ORDER, mask);
    }
  }

  /** out = -|x|. */
  static void negatedSize(long x, long out, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      FloatVector.fromMemorySegment(F32, MEMORY, x + 4L * i, ORDER, mask)
          .abs()
          .neg()
          .intoMemorySegment(MEMORY, out + 4L * i, ORDER, mask);
    }
  }

  /**
   * In place, of e = exp(-|r|): (share + (1 - share) exp(r)) / max(1, exp(r)), so that it lies
   * between the smaller of both shares and 1.
   */
  static void mixture(long r, long e, int n, float share) {
    FloatVector own = FloatVector.broadcast(F32, share);
    FloatVector other = FloatVector.broadcast(F32, 1 - share);
    for (int i = 0; i < n; i += WIDTH) {
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      long at = 4L * i;
      VectorMask<Float> above =
          FloatVector.fromMemorySegment(F32, MEMORY, r + at, ORDER, mask)
              .compare(VectorOperators.GT, 0f);
      FloatVector x = FloatVector.fromMemorySegment(F32, MEMORY, e + at, ORDER, mask);
      FloatVector up = x.fma(own, other);
      x.fma(other, own).blend(up, above).intoMemorySegment(MEMORY, e + at, ORDER, mask);
    }
  }

  /**
   * In place, of r = log p/q and the logarithms that {@link #mixture} has: what q and p have over
   * their mixture m, log m/q = log + max(r, 0) and log p/m = min(r, 0) - log.
   */
  static void logsToMixture(long r, long log, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      long at = 4L * i;
      FloatVector ratio = FloatVector.fromMemorySegment(F32, MEMORY, r + at, ORDER, mask);
      FloatVector mixed = FloatVector.fromMemorySegment(F32, MEMORY, log + at, ORDER, mask);
      mixed.add(ratio.max(0f)).intoMemorySegment(MEMORY, log + at, ORDER, mask);
      ratio.min(0f).sub(mixed).intoMemorySegment(MEMORY, r + at, ORDER, mask);
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
