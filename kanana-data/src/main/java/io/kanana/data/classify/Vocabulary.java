package io.kanana.data.classify;

import io.kanana.core.error.CheckpointException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The words and labels of a classifier: words first, then labels, each by falling count. Looked up
 * by their bytes. Immutable.
 */
final class Vocabulary {
  /** Hashes that collide more often than this were made to. */
  private static final int LONGEST_PROBE = 1024;

  private static final int SPREAD = 0x9E3779B1;

  private final byte[] bytes;
  private final int[] starts;
  private final long[] counts;
  private final int words;
  private final int[] hashes;
  private final int[] table;
  private final int shift;

  /**
   * @param source names the origin in messages
   * @param bytes all entries, one after the other
   * @param starts where each begins, and where the last ends
   * @param counts how often each occurred in training
   * @param words how many entries are words; the rest are labels
   * @throws CheckpointException if an entry stands twice
   */
  Vocabulary(String source, byte[] bytes, int[] starts, long[] counts, int words) {
    this.bytes = bytes;
    this.starts = starts;
    this.counts = counts;
    this.words = words;
    this.hashes = new int[counts.length];
    int bits = 33 - Integer.numberOfLeadingZeros(Math.max(1, counts.length));
    this.table = new int[1 << bits];
    this.shift = 32 - bits;
    Arrays.fill(table, -1);
    for (int id = 0; id < counts.length; id++) {
      insert(source, id);
    }
  }

  private void insert(String source, int id) {
    int hash = TokenHash.of(bytes, starts[id], starts[id + 1]);
    hashes[id] = hash;
    int slot = (hash * SPREAD) >>> shift;
    for (int probes = 0; table[slot] >= 0; probes++) {
      if (isEntry(table[slot], bytes, starts[id], starts[id + 1], hash)) {
        throw new CheckpointException(
            String.format(
                Locale.ROOT,
                "%s: entries %d and %d of the dictionary are the same; each must stand once",
                source,
                table[slot],
                id));
      }
      if (probes == LONGEST_PROBE) {
        throw new CheckpointException(
            source + ": more than 1,024 entries of the dictionary collide; it was made to be slow");
      }
      slot = (slot + 1) & (table.length - 1);
    }
    table[slot] = id;
  }

  private boolean isEntry(int id, byte[] text, int from, int to, int hash) {
    return hashes[id] == hash && Arrays.equals(bytes, starts[id], starts[id + 1], text, from, to);
  }

  /** The entry of these bytes, or -1. */
  int find(byte[] text, int from, int to, int hash) {
    int slot = (hash * SPREAD) >>> shift;
    while (table[slot] >= 0) {
      if (isEntry(table[slot], text, from, to, hash)) {
        return table[slot];
      }
      slot = (slot + 1) & (table.length - 1);
    }
    return -1;
  }

  int size() {
    return counts.length;
  }

  int words() {
    return words;
  }

  int labels() {
    return counts.length - words;
  }

  long count(int id) {
    return counts[id];
  }

  /** How often each label occurred, by its number. */
  long[] labelCounts() {
    return Arrays.copyOfRange(counts, words, counts.length);
  }

  byte[] entry(int id) {
    return Arrays.copyOfRange(bytes, starts[id], starts[id + 1]);
  }

  int length(int id) {
    return starts[id + 1] - starts[id];
  }

  /** The labels' names, without fastText's prefix, by their numbers. */
  List<String> labelNames() {
    return IntStream.range(words, counts.length).mapToObj(this::name).toList();
  }

  private String name(int id) {
    int from = starts[id];
    int to = starts[id + 1];
    int skipped = TokenHash.isLabel(bytes, from, to) ? TokenHash.LABEL_PREFIX.length : 0;
    return new String(bytes, from + skipped, to - from - skipped, StandardCharsets.UTF_8);
  }
}
