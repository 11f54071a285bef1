package io.kanana.core.checkpoint;

import io.kanana.core.error.CheckpointException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * Converts elements between the floating types, rounding to nearest even. Widening is exact. A NaN
 * stays a NaN; what is too large becomes infinite.
 */
public final class FloatConversion {
  private static final ValueLayout.OfShort HALF =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat SINGLE =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private FloatConversion() {}

  /**
   * Converts all elements of {@code source} to as many of {@code target}; neither need be aligned.
   *
   * @throws CheckpointException for a type that is not floating, or different numbers of elements
   */
  public static void convert(
      StoredType from, MemorySegment source, StoredType to, MemorySegment target) {
    long count = source.byteSize() / from.bytes();
    if (!from.floating() || !to.floating() || target.byteSize() != count * to.bytes()) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%d bytes of %s cannot be converted to %d bytes of %s",
              source.byteSize(),
              from,
              target.byteSize(),
              to));
    }
    if (from == to) {
      target.copyFrom(source);
    } else if (from == StoredType.F64 || to == StoredType.F64) {
      throughDouble(from, source, to, target, count);
    } else {
      throughSingle(from, source, to, target, count);
    }
  }

  private static void throughSingle(
      StoredType from, MemorySegment source, StoredType to, MemorySegment target, long count) {
    switch (from) {
      case BF16 -> widen(source, to, target, count, FloatConversion::fromBf16);
      case F16 -> widen(source, to, target, count, Float::float16ToFloat);
      default -> narrow(source, to, target, count);
    }
  }

  private interface FromHalf {
    float at(short bits);
  }

  private static void widen(
      MemorySegment source, StoredType to, MemorySegment target, long count, FromHalf convert) {
    for (long i = 0; i < count; i++) {
      float value = convert.at(source.get(HALF, 2 * i));
      switch (to) {
        case F32 -> target.set(SINGLE, 4 * i, value);
        case BF16 -> target.set(HALF, 2 * i, toBf16(value));
        default -> target.set(HALF, 2 * i, Float.floatToFloat16(value));
      }
    }
  }

  private static void narrow(
      MemorySegment source, StoredType to, MemorySegment target, long count) {
    if (to == StoredType.BF16) {
      for (long i = 0; i < count; i++) {
        target.set(HALF, 2 * i, toBf16(source.get(SINGLE, 4 * i)));
      }
    } else {
      for (long i = 0; i < count; i++) {
        target.set(HALF, 2 * i, Float.floatToFloat16(source.get(SINGLE, 4 * i)));
      }
    }
  }

  private static void throughDouble(
      StoredType from, MemorySegment source, StoredType to, MemorySegment target, long count) {
    for (long i = 0; i < count; i++) {
      double value =
          switch (from) {
            case BF16 -> fromBf16(source.get(HALF, 2 * i));
            case F16 -> Float.float16ToFloat(source.get(HALF, 2 * i));
            case F32 -> source.get(SINGLE, 4 * i);
            default -> source.get(DOUBLE, 8 * i);
          };
      switch (to) {
        case F64 -> target.set(DOUBLE, 8 * i, value);
        case F32 -> target.set(SINGLE, 4 * i, (float) value);
        case BF16 -> target.set(HALF, 2 * i, toBf16(toOdd(value)));
        default -> target.set(HALF, 2 * i, Float.floatToFloat16(toOdd(value)));
      }
    }
  }

  /** The F32 that a BF16 stands for: its upper half. */
  public static float fromBf16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** The nearest BF16, the even one of two that are equally near. */
  public static short toBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40); // rounding could carry a NaN into infinity
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  /**
   * An F32 that rounds to a half as the double would. Rounding to nearest twice can go wrong where
   * the first lands on a tie of the second, so an inexact first result is made odd (Boldo and
   * Melquiond, "When double rounding is odd", 2005).
   */
  private static float toOdd(double value) {
    float nearest = (float) value;
    if (nearest == value || Double.isNaN(value) || (Float.floatToRawIntBits(nearest) & 1) == 1) {
      return nearest;
    }
    return Math.abs(nearest) > Math.abs(value) ? towardsZero(nearest) : awayFromZero(nearest);
  }

  private static float towardsZero(float value) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(value) - 1);
  }

  private static float awayFromZero(float value) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(value) + 1);
  }
}
