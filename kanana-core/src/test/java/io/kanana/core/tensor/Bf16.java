package io.kanana.core.tensor;

/** The rounding of BF16, written out for comparison. */
final class Bf16 {
  private Bf16() {}

  /**
   * The nearest value with eight bits of precision; of two as near, the one with an even last bit.
   */
  static float nearest(float value) {
    if (Float.isNaN(value) || Float.isInfinite(value)) {
      return value;
    }
    int bits = Float.floatToRawIntBits(value);
    int below = bits & 0xFFFF0000;
    int rest = bits & 0xFFFF;
    boolean odd = (below & 0x10000) != 0;
    boolean up = rest > 0x8000 || (rest == 0x8000 && odd);
    return Float.intBitsToFloat(up ? below + 0x10000 : below);
  }
}
