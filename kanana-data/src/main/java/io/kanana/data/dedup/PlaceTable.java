package io.kanana.data.dedup;

/** Finds the place that came first with the same key. For one thread. */
final class PlaceTable {
  private static final int SMALLEST = 1 << 10;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  // a key's words, by place
  private final long[][] keys;
  // a place plus one, or 0
  private int[] slots;
  private int used;

  /**
   * @param keys by word and place; the keys of places that are not asked for are not read
   */
  PlaceTable(long[]... keys) {
    this.keys = keys;
    this.slots = new int[SMALLEST];
  }

  /** The place that was asked for first with the key that this one has: itself where it is new. */
  int first(int place) {
    if (3L * used >= 2L * slots.length) {
      grow();
    }
    int slot = slot(slots, place);
    if (slots[slot] == 0) {
      slots[slot] = place + 1;
      used++;
    }
    return slots[slot] - 1;
  }

  private int slot(int[] table, int place) {
    int shift = Long.numberOfLeadingZeros(table.length) + 1;
    int slot = (int) ((keys[0][place] * SPREAD) >>> shift);
    while (table[slot] != 0 && !same(table[slot] - 1, place)) {
      slot = (slot + 1) & (table.length - 1);
    }
    return slot;
  }

  private boolean same(int a, int b) {
    for (long[] word : keys) {
      if (word[a] != word[b]) {
        return false;
      }
    }
    return true;
  }

  private void grow() {
    int[] larger = new int[2 * slots.length];
    for (int filled : slots) {
      if (filled != 0) {
        larger[slot(larger, filled - 1)] = filled;
      }
    }
    slots = larger;
  }
}
