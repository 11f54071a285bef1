package io.kanana.data.classify;

import io.kanana.core.error.CheckpointException;
import java.util.Arrays;
import java.util.Locale;

/**
 * The rows that n-grams share by their hash. In a pruned model only some buckets have a row, and a
 * table says which. Immutable.
 */
final class Buckets {
  private static final int SPREAD = 0x9E3779B1;
  private static final int LONGEST_PROBE = 1024;

  private final int count;
  private final int firstRow;
  private final long reciprocal;
  private final boolean pruned;
  private final int[] keys;
  private final int[] rows;
  private final int shift;

  private Buckets(int count, int firstRow, boolean pruned, int kept) {
    this.count = count;
    this.firstRow = firstRow;
    this.reciprocal = count == 0 ? 0 : Long.divideUnsigned(-1, count) + 1;
    this.pruned = pruned;
    int bits = 33 - Integer.numberOfLeadingZeros(Math.max(1, kept));
    this.keys = new int[pruned ? 1 << bits : 0];
    this.rows = new int[keys.length];
    this.shift = 32 - bits;
    Arrays.fill(keys, -1);
  }

  /** Every bucket has its row, from {@code firstRow} on. */
  static Buckets all(int count, int firstRow) {
    return new Buckets(count, firstRow, false, 0);
  }

  /**
   * Only some have.
   *
   * @param source names the origin in messages
   * @param kept pairs of a bucket and its row, counted from {@code firstRow}
   */
  static Buckets pruned(String source, int count, int firstRow, int[] kept) {
    Buckets buckets = new Buckets(count, firstRow, true, kept.length / 2);
    for (int i = 0; i < kept.length; i += 2) {
      buckets.insert(source, kept[i], kept[i + 1]);
    }
    return buckets;
  }

  private void insert(String source, int key, int row) {
    int slot = (key * SPREAD) >>> shift;
    for (int probes = 0; keys[slot] >= 0; probes++) {
      if (keys[slot] == key || probes == LONGEST_PROBE) {
        throw new CheckpointException(
            String.format(
                Locale.ROOT,
                "%s: bucket %d of the pruned dictionary stands twice or collides with too many;"
                    + " each must stand once",
                source,
                key));
      }
      slot = (slot + 1) & (keys.length - 1);
    }
    keys[slot] = key;
    rows[slot] = firstRow + row;
  }

  int count() {
    return count;
  }

  /** The row of a character n-gram, or -1 where it was pruned. */
  int ofHash(int hash) {
    // the remainder by two multiplications: Lemire, Kaser and Kurz, 2019
    long fraction = reciprocal * (hash & 0xFFFF_FFFFL);
    return row((int) Math.unsignedMultiplyHigh(fraction, count));
  }

  /** The row of a word n-gram, or -1 where it was pruned. */
  int ofHash(long hash) {
    return row((int) Long.remainderUnsigned(hash, count));
  }

  private int row(int bucket) {
    if (!pruned) {
      return firstRow + bucket;
    }
    int slot = (bucket * SPREAD) >>> shift;
    while (keys[slot] >= 0) {
      if (keys[slot] == bucket) {
        return rows[slot];
      }
      slot = (slot + 1) & (keys.length - 1);
    }
    return -1;
  }
}
