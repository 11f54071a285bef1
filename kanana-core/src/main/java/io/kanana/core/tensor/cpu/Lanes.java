package io.kanana.core.tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vectors that kernels are written with, and their loads and stores by address. The width is
 * the processor's best, or the bits that the system property {@value #BITS_PROPERTY} names.
 */
final class Lanes {
  static final String BITS_PROPERTY = "kanana.cpu.vector-bits";

  static final VectorSpecies<Float> F32 = species();
  static final VectorSpecies<Integer> I32 = VectorSpecies.of(int.class, F32.vectorShape());
  private static final VectorSpecies<Short> I16 =
      VectorSpecies.of(short.class, VectorShape.forBitSize(F32.vectorBitSize() / 2));

  /** How many F32 are in a vector. */
  static final int WIDTH = F32.length();

  static final long BYTES = (long) WIDTH * Float.BYTES;

  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** All memory, so that an address is an offset and a constant bound is all there is to check. */
  @SuppressWarnings("restricted")
  static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final float LOG2_E = 1.442695f;
  private static final float LN2_HIGH = 0.6933594f;
  private static final float LN2_LOW = -2.1219444e-4f;

  /** Adding 1.5 * 2^23 leaves the nearest integer in the low bits of the sum. */
  private static final float ROUNDER = 12582912f;

  private static final float EXP_LOWEST = -87.33f;
  private static final float EXP_HIGHEST = 88.37f;

  private Lanes() {}

  private static VectorSpecies<Float> species() {
    int bits = Integer.getInteger(BITS_PROPERTY, 0);
    if (bits == 0) {
      return FloatVector.SPECIES_PREFERRED.vectorBitSize() >= 128
          ? FloatVector.SPECIES_PREFERRED
          : FloatVector.SPECIES_128;
    }
    return VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
  }

  static float f32(long address) {
    return MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, address);
  }

  static void f32(long address, float value) {
    MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, address, value);
  }

  static double f64(long address) {
    return MEMORY.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, address);
  }

  static void f64(long address, double value) {
    MEMORY.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, address, value);
  }

  static int i32(long address) {
    return MEMORY.get(ValueLayout.JAVA_INT_UNALIGNED, address);
  }

  static void i32(long address, int value) {
    MEMORY.set(ValueLayout.JAVA_INT_UNALIGNED, address, value);
  }

  static short i16(long address) {
    return MEMORY.get(ValueLayout.JAVA_SHORT_UNALIGNED, address);
  }

  static void copy(long source, long out, long bytes) {
    MemorySegment.copy(MEMORY, source, MEMORY, out, bytes);
  }

  static void zero(long out, long bytes) {
    MEMORY.asSlice(out, bytes).fill((byte) 0);
  }

  static FloatVector load(long address) {
    return FloatVector.fromMemorySegment(F32, MEMORY, address, ORDER);
  }

  static FloatVector load(long address, VectorMask<Float> mask) {
    return FloatVector.fromMemorySegment(F32, MEMORY, address, ORDER, mask);
  }

  static IntVector loadInts(long address) {
    return IntVector.fromMemorySegment(I32, MEMORY, address, ORDER);
  }

  static void store(FloatVector vector, long address) {
    vector.intoMemorySegment(MEMORY, address, ORDER);
  }

  static void store(FloatVector vector, long address, VectorMask<Float> mask) {
    vector.intoMemorySegment(MEMORY, address, ORDER, mask);
  }

  static FloatVector broadcast(long address) {
    return FloatVector.broadcast(F32, f32(address));
  }

  static FloatVector broadcast(float value) {
    return FloatVector.broadcast(F32, value);
  }

  /** The first {@code count} lanes. */
  static VectorMask<Float> first(int count) {
    return F32.indexInRange(0, count);
  }

  /** Widens BF16. */
  static FloatVector loadBf16(long address) {
    return widen(ShortVector.fromMemorySegment(I16, MEMORY, address, ORDER));
  }

  static FloatVector loadBf16(long address, VectorMask<Float> mask) {
    return widen(ShortVector.fromMemorySegment(I16, MEMORY, address, ORDER, mask.cast(I16)));
  }

  private static FloatVector widen(ShortVector bits) {
    IntVector wide = (IntVector) bits.convertShape(VectorOperators.ZERO_EXTEND_S2I, I32, 0);
    return wide.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  /** Rounds to BF16, nearest even. */
  static void storeBf16(FloatVector vector, long address) {
    narrow(vector).intoMemorySegment(MEMORY, address, ORDER);
  }

  static void storeBf16(FloatVector vector, long address, VectorMask<Float> mask) {
    narrow(vector).intoMemorySegment(MEMORY, address, ORDER, mask.cast(I16));
  }

  private static ShortVector narrow(FloatVector vector) {
    IntVector bits = vector.reinterpretAsInts();
    IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
    IntVector rounded = bits.add(odd).add(0x7fff);
    // rounding could carry a NaN over to infinity; setting the quiet bit keeps it a NaN
    VectorMask<Integer> nan = vector.test(VectorOperators.IS_NAN).cast(I32);
    IntVector kept = rounded.blend(bits.or(0x0040_0000), nan);
    return (ShortVector)
        kept.lanewise(VectorOperators.LSHR, 16).convertShape(VectorOperators.I2S, I16, 0);
  }

  static float fromBf16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  static short toBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits | 0x0040_0000) >>> 16);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  /**
   * e^x to about one unit in the last place, by a polynomial of least relative error over [-ln 2 /
   * 2, ln 2 / 2]; 0 below the range of normal numbers.
   */
  static FloatVector exp(FloatVector x) {
    FloatVector bounded = x.max(EXP_LOWEST).min(EXP_HIGHEST);
    FloatVector shifted = bounded.fma(broadcast(LOG2_E), broadcast(ROUNDER));
    FloatVector n = shifted.sub(ROUNDER);
    FloatVector r = n.fma(broadcast(-LN2_HIGH), bounded);
    r = n.fma(broadcast(-LN2_LOW), r);
    FloatVector p = broadcast(0.001381454f).fma(r, broadcast(0.008368745f));
    p = p.fma(r, broadcast(0.04166839f));
    p = p.fma(r, broadcast(0.16666521f));
    p = p.fma(r, broadcast(0.49999994f));
    p = p.fma(r.mul(r), r).add(1f);
    IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    FloatVector scaled = p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    return scaled.blend(0f, x.compare(VectorOperators.LT, EXP_LOWEST));
  }
}
