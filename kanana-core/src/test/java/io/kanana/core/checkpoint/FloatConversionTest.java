package io.kanana.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FloatConversionTest {
  private static float[] convert(StoredType type, short bits) {
    float[] out = new float[1];
    FloatConversion.convert(
        type,
        MemorySegment.ofArray(new short[] {bits}),
        StoredType.F32,
        MemorySegment.ofArray(out));
    return out;
  }

  private static short half(double value, StoredType type) {
    short[] out = new short[1];
    FloatConversion.convert(
        StoredType.F64,
        MemorySegment.ofArray(new double[] {value}),
        type,
        MemorySegment.ofArray(out));
    return out[0];
  }

  @Test
  void everyHalfSurvivesARoundTrip() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      for (StoredType type : new StoredType[] {StoredType.F16, StoredType.BF16}) {
        float value = convert(type, (short) bits)[0];
        short back = half(value, type);
        if (Float.isNaN(value)) {
          assertThat(convert(type, back)[0]).isNaN();
        } else {
          assertThat(back).isEqualTo((short) bits);
        }
      }
    }
  }

  /** Against the definition: no other half is nearer, and of two that are as near ours is even. */
  @Test
  void roundsToTheNearestAndOfTwoToTheEven() {
    Random random = new Random(2);
    for (int i = 0; i < 200_000; i++) {
      StoredType type = random.nextBoolean() ? StoredType.F16 : StoredType.BF16;
      double scale = Math.scalb(1.0, random.nextInt(-30, 15));
      double value = random.nextGaussian() * scale;
      if (i % 3 == 0) { // a tie, or just beside one
        short below = half(value, type);
        double middle = (widen(type, below) + widen(type, (short) (below + 1))) / 2;
        value = i % 2 == 0 ? middle : Math.nextUp(middle);
      }
      short rounded = half(value, type);
      double error = Math.abs(widen(type, rounded) - value);
      for (int step = -1; step <= 1; step += 2) {
        double other = Math.abs(widen(type, (short) (rounded + step)) - value);
        boolean right = error < other || (error == other && (rounded & 1) == 0);
        assertThat(right || Double.isNaN(other)).as("%s %s", type, value).isTrue();
      }
    }
  }

  private static double widen(StoredType type, short bits) {
    return convert(type, bits)[0];
  }

  @Test
  void whatIsTooLargeBecomesInfiniteAndNaNStaysNaN() {
    assertThat(widen(StoredType.BF16, half(Double.MAX_VALUE, StoredType.BF16))).isInfinite();
    assertThat(widen(StoredType.F16, half(-65_520, StoredType.F16)))
        .isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(widen(StoredType.F16, half(65_519, StoredType.F16))).isEqualTo(65_504);
    float signalling = Float.intBitsToFloat(0x7f800001);
    assertThat(FloatConversion.fromBf16(FloatConversion.toBf16(signalling))).isNaN();
  }

  @Test
  void unalignedSourcesAreRead() {
    MemorySegment bytes = MemorySegment.ofArray(new byte[9]);
    bytes.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 1, 2.5f);
    bytes.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 5, -3);
    float[] out = new float[2];
    FloatConversion.convert(
        StoredType.F32, bytes.asSlice(1), StoredType.F32, MemorySegment.ofArray(out));
    assertThat(out).containsExactly(2.5f, -3);
  }
}
