package io.kanana.core.tokenizer;

import java.util.Arrays;

/** The merges by pair of ids: a value that orders them by rank and holds the merged token's id. */
final class MergeTable {
  /** What {@link #get} answers where two tokens do not merge; larger than any merge. */
  static final long NONE = Long.MAX_VALUE;

  private final long[] keys;
  private final long[] values;
  private final int mask;

  MergeTable(int size) {
    int capacity = Integer.highestOneBit(Math.max(4, size)) * 4;
    keys = new long[capacity];
    values = new long[capacity];
    mask = capacity - 1;
    Arrays.fill(keys, -1);
  }

  /** Adds a merge; of two with the same pair the later one counts. */
  void put(int left, int right, int rank, int merged) {
    long key = (long) left << 32 | right;
    int slot = slot(key);
    keys[slot] = key;
    values[slot] = (long) rank << 32 | merged;
  }

  /** The rank (high half) and merged id (low half) of a pair, or {@link #NONE}. */
  long get(int left, int right) {
    long key = (long) left << 32 | right;
    int slot = slot(key);
    return keys[slot] == key ? values[slot] : NONE;
  }

  private int slot(long key) {
    int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (keys[slot] != key && keys[slot] != -1) {
      slot = slot + 1 & mask;
    }
    return slot;
  }
}
