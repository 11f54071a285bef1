package io.kanana.core.template;

import java.math.BigInteger;
import java.util.AbstractList;
import java.util.List;

/** Which places a slice takes, by Python's rules for negative and absent bounds. */
final class SliceBounds {
  private SliceBounds() {}

  /** The places in order; the list is computed on the fly and costs no memory. */
  static List<Integer> places(int length, BigInteger start, BigInteger stop, BigInteger step) {
    long stride = step == null ? 1 : clamp(step, -(1L << 40), 1L << 40);
    boolean forward = stride > 0;
    long first = bound(start, length, forward ? 0 : length - 1L, forward);
    long end = bound(stop, length, forward ? length : -1, forward);
    long span = forward ? end - first : first - end;
    long count = span <= 0 ? 0 : (span - 1) / Math.abs(stride) + 1;
    return new AbstractList<>() {
      @Override
      public Integer get(int index) {
        return (int) (first + index * stride);
      }

      @Override
      public int size() {
        return (int) count;
      }
    };
  }

  private static long bound(BigInteger bound, int length, long absent, boolean forward) {
    if (bound == null) {
      return absent;
    }
    long lowest = forward ? 0 : -1;
    long highest = forward ? length : length - 1L;
    BigInteger place = bound.signum() < 0 ? bound.add(BigInteger.valueOf(length)) : bound;
    return clamp(place, lowest, highest);
  }

  private static long clamp(BigInteger value, long lowest, long highest) {
    BigInteger low = BigInteger.valueOf(lowest);
    BigInteger high = BigInteger.valueOf(highest);
    return value.max(low).min(high).longValue();
  }
}
