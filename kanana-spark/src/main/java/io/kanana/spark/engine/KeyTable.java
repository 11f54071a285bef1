package io.kanana.spark.engine;

import io.kanana.data.filter.RepetitionFilter;
import java.util.Arrays;

/** Places by keys of 128 bits: a table with open addressing. For one thread. */
final class KeyTable {
  private static final int SMALLEST = 1 << 6;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;
  private static final long OTHER_SPREAD = 0xC2B2AE3D27D4EB4FL;

  /** No key has stood anywhere. */
  static final long NONE = RepetitionFilter.FIRST;

  private long[] uppers = new long[SMALLEST];
  private long[] lowers = new long[SMALLEST];
  private long[] places = empty(SMALLEST);
  private int used;

  private static long[] empty(int size) {
    long[] places = new long[size];
    Arrays.fill(places, NONE);
    return places;
  }

  /** Spreads keys over tables and machines; the same everywhere. */
  static long hash(long upper, long lower) {
    long mixed = lower * SPREAD + upper * OTHER_SPREAD;
    return (mixed ^ (mixed >>> 32)) * SPREAD;
  }

  /** The place of a key, {@link #NONE} where it has none. */
  long get(long upper, long lower) {
    return places[slot(upper, lower)];
  }

  /**
   * The place that a key has; where it has none, it gets this one, and {@link #NONE} is returned.
   */
  long putIfAbsent(long upper, long lower, long place) {
    int slot = slot(upper, lower);
    long before = places[slot];
    if (before == NONE) {
      put(slot, upper, lower, place);
    }
    return before;
  }

  /** Lets a key have this place where it has none or a larger one. */
  void putLeast(long upper, long lower, long place) {
    int slot = slot(upper, lower);
    if (places[slot] == NONE) {
      put(slot, upper, lower, place);
    } else {
      places[slot] = Math.min(places[slot], place);
    }
  }

  private void put(int slot, long upper, long lower, long place) {
    uppers[slot] = upper;
    lowers[slot] = lower;
    places[slot] = place;
    used++;
    if (3L * used >= 2L * places.length) {
      grow();
    }
  }

  private int slot(long upper, long lower) {
    int slot = (int) (hash(upper, lower) >>> (Long.numberOfLeadingZeros(places.length) + 1));
    while (places[slot] != NONE && (uppers[slot] != upper || lowers[slot] != lower)) {
      slot = (slot + 1) & (places.length - 1);
    }
    return slot;
  }

  private void grow() {
    long[] oldUppers = uppers;
    long[] oldLowers = lowers;
    long[] oldPlaces = places;
    uppers = new long[2 * oldPlaces.length];
    lowers = new long[2 * oldPlaces.length];
    places = empty(2 * oldPlaces.length);
    for (int i = 0; i < oldPlaces.length; i++) {
      if (oldPlaces[i] != NONE) {
        int slot = slot(oldUppers[i], oldLowers[i]);
        uppers[slot] = oldUppers[i];
        lowers[slot] = oldLowers[i];
        places[slot] = oldPlaces[i];
      }
    }
  }
}
