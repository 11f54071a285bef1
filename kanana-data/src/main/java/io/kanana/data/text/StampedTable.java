package io.kanana.data.text;

import java.util.Arrays;

/**
 * A hash table of places in an array, with open addressing, that is emptied by counting on: a slot
 * holds the number of the use that filled it. Not for several threads.
 */
final class StampedTable {
  /** The use above, the place below. */
  private long[] slots = new long[256];

  private long use;
  private int shift = 56;
  private int mask = 255;

  /** Empties it, and makes room for a number of places. */
  void begin(int places) {
    int bits = Math.max(4, 33 - Integer.numberOfLeadingZeros(places));
    if (1 << bits > slots.length) {
      slots = new long[1 << bits];
    }
    if (++use >>> 32 != 0) {
      Arrays.fill(slots, 0);
      use = 1;
    }
    shift = 64 - bits;
    mask = (1 << bits) - 1;
  }

  /** Where the search for a hash begins. */
  int slot(long hash) {
    return (int) ((hash * 0x9E3779B97F4A7C15L) >>> shift);
  }

  int next(int slot) {
    return slot + 1 & mask;
  }

  /** The place in a slot, -1 for an empty one. */
  int at(int slot) {
    long value = slots[slot];
    return value >>> 32 == use ? (int) value : -1;
  }

  void put(int slot, int place) {
    slots[slot] = use << 32 | place;
  }
}
