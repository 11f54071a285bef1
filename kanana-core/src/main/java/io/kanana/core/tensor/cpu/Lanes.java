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
import jdk.incubator.vector.VectorShuffle;
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

  private static final VectorShuffle<Float> BY_8 = rotation(F32, 8);
  private static final VectorShuffle<Float> BY_4 = rotation(F32, 4);
  private static final VectorShuffle<Float> BY_2 = rotation(F32, 2);
  private static final VectorShuffle<Float> BY_1 = rotation(F32, 1);

  private Lanes() {}

  static <E> VectorShuffle<E> rotation(VectorSpecies<E> species, int by) {
    return VectorShuffle.fromOp(species, lane -> (lane + by) % species.length());
  }

  private static VectorSpecies<Float> species() {
    int preferred = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    int bits = Integer.getInteger(BITS_PROPERTY, Math.clamp(preferred, 128, 512));
    return switch (bits) {
      case 128 -> FloatVector.SPECIES_128;
      case 256 -> FloatVector.SPECIES_256;
      case 512 -> FloatVector.SPECIES_512;
      default -> throw new IllegalStateException(BITS_PROPERTY + " is " + bits); // checked before
    };
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
    VectorMask<Integer> nan = vector.compare(VectorOperators.NE, vector).cast(I32);
    IntVector kept = rounded.blend(bits.or(0x0040_0000), nan);
    return (ShortVector)
        kept.lanewise(VectorOperators.LSHR, 16).convertShape(VectorOperators.I2S, I16, 0);
  }

  /**
   * The sum of the lanes in an order that is always the same. That of {@code reduceLanes} changes
   * when a method is compiled, and with it the last bits of a run.
   */
  static float sum(FloatVector vector) {
    FloatVector sum = vector;
    if (WIDTH > 8) {
      sum = sum.add(sum.rearrange(BY_8));
    }
    if (WIDTH > 4) {
      sum = sum.add(sum.rearrange(BY_4));
    }
    sum = sum.add(sum.rearrange(BY_2));
    return sum.add(sum.rearrange(BY_1)).lane(0);
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
}
