package io.kanana.core.tensor.cpu;

import static io.kanana.core.tensor.cpu.Lanes.F32;
import static io.kanana.core.tensor.cpu.Lanes.MEMORY;
import static io.kanana.core.tensor.cpu.Lanes.ORDER;
import static io.kanana.core.tensor.cpu.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The natural logarithm of positive normal numbers, to about one unit in the last place: that of
 * the Cephes library (Moshier, {@code logf}). The virtual machine's own has other bits before a
 * method is compiled.
 */
final class Logarithm {
  /** The bits of sqrt(1/2), so that the mantissa lies between that and sqrt(2). */
  private static final int ROOT_OF_HALF = 0x3f3504f3;

  private static final FloatVector ONE = constant(1.0f);
  private static final FloatVector MINUS_HALF = constant(-0.5f);
  private static final FloatVector LN2_HIGH = constant(0.6933594f);
  private static final FloatVector LN2_LOW = constant(-2.1219444e-4f);
  private static final FloatVector C0 = constant(0.070376836f);
  private static final FloatVector C1 = constant(-0.1151461f);
  private static final FloatVector C2 = constant(0.116769984f);
  private static final FloatVector C3 = constant(-0.12420141f);
  private static final FloatVector C4 = constant(0.14249323f);
  private static final FloatVector C5 = constant(-0.16668057f);
  private static final FloatVector C6 = constant(0.20000714f);
  private static final FloatVector C7 = constant(-0.24999994f);
  private static final FloatVector C8 = constant(0.3333333f);

  private Logarithm() {}

  private static FloatVector constant(float value) {
    return FloatVector.broadcast(F32, value);
  }

  /** out = log(in), for n contiguous values; in place if the addresses are equal. */
  static void apply(long in, long out, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      VectorMask<Float> mask = F32.indexInRange(0, n - i);
      FloatVector value = FloatVector.fromMemorySegment(F32, MEMORY, in + 4L * i, ORDER, mask);
      IntVector bits = value.reinterpretAsInts();
      IntVector exponent = bits.sub(ROOT_OF_HALF).lanewise(VectorOperators.ASHR, 23);
      IntVector mantissa = bits.sub(exponent.lanewise(VectorOperators.LSHL, 23));
      FloatVector x = mantissa.reinterpretAsFloats().sub(ONE);
      FloatVector e = (FloatVector) exponent.convertShape(VectorOperators.I2F, F32, 0);
      FloatVector square = x.mul(x);
      FloatVector high = C0.fma(x, C1).fma(x, C2).fma(x, C3).fma(x, C4);
      FloatVector all = high.fma(x, C5).fma(x, C6).fma(x, C7).fma(x, C8);
      FloatVector rest = e.fma(LN2_LOW, all.mul(x).mul(square));
      FloatVector log = e.fma(LN2_HIGH, square.fma(MINUS_HALF, rest).add(x));
      log.intoMemorySegment(MEMORY, out + 4L * i, ORDER, mask);
    }
  }
}
