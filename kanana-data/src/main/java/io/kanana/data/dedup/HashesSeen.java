package io.kanana.data.dedup;

/** A set of hashes. For one thread. */
final class HashesSeen {
  private static final int SMALLEST = 1 << 10;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  // 0 is an empty slot
  private long[] slots = new long[SMALLEST];
  private int used;
  private boolean zero;

  /** Whether it was not there before. */
  boolean add(long hash) {
    if (hash == 0) {
      boolean added = !zero;
      zero = true;
      return added;
    }
    if (3L * used >= 2L * slots.length) {
      grow();
    }
    int slot = slot(slots, hash);
    if (slots[slot] == hash) {
      return false;
    }
    slots[slot] = hash;
    used++;
    return true;
  }

  private static int slot(long[] table, long hash) {
    int shift = Long.numberOfLeadingZeros(table.length) + 1;
    int slot = (int) ((hash * SPREAD) >>> shift);
    while (table[slot] != 0 && table[slot] != hash) {
      slot = (slot + 1) & (table.length - 1);
    }
    return slot;
  }

  private void grow() {
    long[] larger = new long[2 * slots.length];
    for (long hash : slots) {
      if (hash != 0) {
        larger[slot(larger, hash)] = hash;
      }
    }
    slots = larger;
  }
}
