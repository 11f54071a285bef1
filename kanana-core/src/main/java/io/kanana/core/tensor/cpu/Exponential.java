package io.kanana.core.tensor.cpu;

import static io.kanana.core.tensor.cpu.Lanes.BYTES;
import static io.kanana.core.tensor.cpu.Lanes.F32;
import static io.kanana.core.tensor.cpu.Lanes.MEMORY;
import static io.kanana.core.tensor.cpu.Lanes.ORDER;
import static io.kanana.core.tensor.cpu.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * e^x to about one unit in the last place: 2^n times a polynomial of least relative error over [-ln
 * 2 / 2, ln 2 / 2]. Below the range of normal numbers it is 0, above that of finite ones it stays
 * just below the largest.
 */
final class Exponential {
  private static final FloatVector LOWEST = constant(-87.33f);
  private static final FloatVector HIGHEST = constant(88.37f);
  private static final FloatVector LOG2_E = constant(1.442695f);

  /** ln 2 in two parts, of which the negative is used. */
  private static final FloatVector LN2_HIGH = constant(-0.6933594f);

  private static final FloatVector LN2_LOW = constant(2.1219444e-4f);

  /** Adding 1.5 * 2^23 leaves the nearest integer in the low bits of the sum. */
  private static final FloatVector ROUNDER = constant(12582912f);

  private static final FloatVector C2 = constant(0.49999994f);
  private static final FloatVector C3 = constant(0.16666521f);
  private static final FloatVector C4 = constant(0.04166839f);
  private static final FloatVector C5 = constant(0.008368745f);
  private static final FloatVector C6 = constant(0.001381454f);
  private static final FloatVector ONE = constant(1f);
  private static final FloatVector ZERO = constant(0f);

  private Exponential() {}

  private static FloatVector constant(float value) {
    return FloatVector.broadcast(F32, value);
  }

  /**
   * out = exp(factor * in + shift), for n contiguous values; in place if the addresses are equal.
   *
   * <p>Written out for two vectors: it overlaps their latencies, and a method of this size is
   * compiled by itself, where the compiler's limits leave room to keep every vector in a register.
   * Bounds are masks, since least and greatest as Java has them take several instructions each.
   */
  static void apply(long in, long out, int n, float factor, float shift) {
    FloatVector f = FloatVector.broadcast(F32, factor);
    FloatVector s = FloatVector.broadcast(F32, shift);
    int i = 0;
    for (; i + 2 * WIDTH <= n; i += 2 * WIDTH) {
      long at = 4L * i;
      FloatVector x = FloatVector.fromMemorySegment(F32, MEMORY, in + at, ORDER).fma(f, s);
      FloatVector y = FloatVector.fromMemorySegment(F32, MEMORY, in + at + BYTES, ORDER).fma(f, s);
      VectorMask<Float> lowX = x.lt(LOWEST);
      VectorMask<Float> lowY = y.lt(LOWEST);
      FloatVector boundX = x.blend(LOWEST, lowX).blend(HIGHEST, HIGHEST.lt(x));
      FloatVector boundY = y.blend(LOWEST, lowY).blend(HIGHEST, HIGHEST.lt(y));
      FloatVector roundX = boundX.fma(LOG2_E, ROUNDER);
      FloatVector roundY = boundY.fma(LOG2_E, ROUNDER);
      FloatVector nX = roundX.sub(ROUNDER);
      FloatVector nY = roundY.sub(ROUNDER);
      FloatVector rX = nX.fma(LN2_LOW, nX.fma(LN2_HIGH, boundX));
      FloatVector rY = nY.fma(LN2_LOW, nY.fma(LN2_HIGH, boundY));
      FloatVector pX = C6.fma(rX, C5).fma(rX, C4).fma(rX, C3).fma(rX, C2);
      FloatVector pY = C6.fma(rY, C5).fma(rY, C4).fma(rY, C3).fma(rY, C2);
      pX = pX.fma(rX.mul(rX), rX).add(ONE);
      pY = pY.fma(rY.mul(rY), rY).add(ONE);
      IntVector powerX = roundX.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
      IntVector powerY = roundY.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
      FloatVector eX = pX.reinterpretAsInts().add(powerX).reinterpretAsFloats();
      FloatVector eY = pY.reinterpretAsInts().add(powerY).reinterpretAsFloats();
      eX.blend(ZERO, lowX).intoMemorySegment(MEMORY, out + at, ORDER);
      eY.blend(ZERO, lowY).intoMemorySegment(MEMORY, out + at + BYTES, ORDER);
    }
    for (; i < n; i += WIDTH) {
      applyTail(in + 4L * i, out + 4L * i, n - i, factor, shift);
    }
  }

  private static void applyTail(long in, long out, int n, float factor, float shift) {
    VectorMask<Float> mask = F32.indexInRange(0, n);
    FloatVector x =
        FloatVector.fromMemorySegment(F32, MEMORY, in, ORDER, mask)
            .fma(FloatVector.broadcast(F32, factor), FloatVector.broadcast(F32, shift));
    VectorMask<Float> low = x.lt(LOWEST);
    FloatVector bounded = x.blend(LOWEST, low).blend(HIGHEST, HIGHEST.lt(x));
    FloatVector rounded = bounded.fma(LOG2_E, ROUNDER);
    FloatVector n2 = rounded.sub(ROUNDER);
    FloatVector r = n2.fma(LN2_LOW, n2.fma(LN2_HIGH, bounded));
    FloatVector p = C6.fma(r, C5).fma(r, C4).fma(r, C3).fma(r, C2);
    p = p.fma(r.mul(r), r).add(ONE);
    IntVector power = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    FloatVector e = p.reinterpretAsInts().add(power).reinterpretAsFloats();
    e.blend(ZERO, low).intoMemorySegment(MEMORY, out, ORDER, mask);
  }
}
