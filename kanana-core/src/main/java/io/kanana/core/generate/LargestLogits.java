package io.kanana.core.generate;

/**
 * Finds the k-th largest of many logits without sorting them: a radix selection in three passes of
 * 11, 11 and 10 bits, so its time does not depend on how the values lie.
 */
final class LargestLogits {
  private static final int[] SHIFTS = {21, 10, 0};
  private static final int[] DIGITS = {1 << 11, 1 << 11, 1 << 10};

  private LargestLogits() {}

  /**
   * The k-th largest value.
   *
   * @param logits without NaN and negative zero
   * @param k from 1 to the number of logits
   */
  static float kth(float[] logits, int k) {
    int prefix = 0;
    int prefixMask = 0;
    int rank = k;
    for (int pass = 0; pass < SHIFTS.length; pass++) {
      int[] counts = count(logits, prefix, prefixMask, SHIFTS[pass], DIGITS[pass]);
      int digit = DIGITS[pass] - 1;
      while (counts[digit] < rank) {
        rank -= counts[digit--];
      }
      prefix |= digit << SHIFTS[pass];
      prefixMask |= (DIGITS[pass] - 1) << SHIFTS[pass];
    }
    return value(prefix);
  }

  private static int[] count(float[] logits, int prefix, int mask, int shift, int digits) {
    int[] counts = new int[digits];
    for (float logit : logits) {
      int key = key(logit);
      if ((key & mask) == prefix) {
        counts[(key >>> shift) & (digits - 1)]++;
      }
    }
    return counts;
  }

  /** Bits that order as unsigned numbers like the floats themselves. */
  private static int key(float logit) {
    int bits = Float.floatToRawIntBits(logit);
    return bits ^ ((bits >> 31) | Integer.MIN_VALUE);
  }

  private static float value(int key) {
    return Float.intBitsToFloat(key < 0 ? key ^ Integer.MIN_VALUE : ~key);
  }
}
