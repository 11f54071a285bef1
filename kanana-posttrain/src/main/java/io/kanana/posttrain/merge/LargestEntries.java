package io.kanana.posttrain.merge;

/**
 * The int(density n) entries that are farthest from 0, and 0 for the others. Of entries that are
 * equally far the first ones stay; mergekit leaves open which. Where int(density n) is 0, as of a
 * short vector, none stays; mergekit stops there.
 *
 * <p>The smallest magnitude that stays is found by counting, 16 bits at a time, so it takes four
 * looks at the tensor, five where the limit falls among equals, and no memory of its size.
 *
 * @param smallest the smallest magnitude that stays
 * @param lastOfThem the index of the last entry of that very magnitude that stays
 */
record LargestEntries(Elements all, double smallest, long lastOfThem) implements Elements {
  private static final int DIGIT = 16;

  static Elements of(Elements all, double density) {
    long count = (long) (density * all.size());
    if (count == all.size()) {
      return all;
    }
    return count == 0 ? new LargestEntries(all, Double.POSITIVE_INFINITY, -1) : largest(all, count);
  }

  private static Elements largest(Elements all, long count) {
    long prefix = 0;
    long wanted = count; // from here on, among those that begin with the prefix
    long equal = 0;
    for (int shift = Long.SIZE - DIGIT; shift >= 0; shift -= DIGIT) {
      long[] counts = counts(all, prefix, shift);
      int digit = counts.length - 1;
      while (counts[digit] < wanted) {
        wanted -= counts[digit--];
      }
      prefix = prefix << DIGIT | digit;
      equal = counts[digit];
    }
    double smallest = Double.longBitsToDouble(prefix);
    long last = wanted == equal ? all.size() : lastOf(all, smallest, wanted);
    return new LargestEntries(all, smallest, last);
  }

  /** The bits of numbers that are not negative are ordered as the numbers are. */
  private static long bits(double value) {
    return Double.doubleToRawLongBits(Math.abs(value));
  }

  /** How many magnitudes whose higher bits are the prefix have each digit next. */
  private static long[] counts(Elements all, long prefix, int shift) {
    long[] counts = new long[1 << DIGIT];
    all.visit(
        (_, values) -> {
          for (double value : values) {
            long bits = bits(value) >>> shift;
            if (bits >>> DIGIT == prefix) {
              counts[(int) (bits & (counts.length - 1))]++;
            }
          }
        });
    return counts;
  }

  private static long lastOf(Elements all, double magnitude, long wanted) {
    long[] found = {0, -1};
    all.visit(
        (from, values) -> {
          for (int i = 0; i < values.length && found[0] < wanted; i++) {
            if (Math.abs(values[i]) == magnitude) {
              found[0]++;
              found[1] = from + i;
            }
          }
        });
    return found[1];
  }

  @Override
  public long size() {
    return all.size();
  }

  @Override
  public void read(long from, double[] out) {
    all.read(from, out);
    for (int i = 0; i < out.length; i++) {
      double magnitude = Math.abs(out[i]);
      boolean stays = magnitude > smallest || (magnitude == smallest && from + i <= lastOfThem);
      out[i] = stays ? out[i] : 0;
    }
  }
}
