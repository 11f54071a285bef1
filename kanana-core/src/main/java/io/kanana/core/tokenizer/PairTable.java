package io.kanana.core.tokenizer;

import java.util.Arrays;

/** A number for each pair of ids, in order of first appearance, and the count of each pair. */
final class PairTable {
  private long[] keys = new long[1 << 16];
  private int[] numbers = new int[1 << 16];
  private long[] counts = new long[1 << 14];
  private long[] pairs = new long[1 << 14];
  private int size;

  PairTable() {
    Arrays.fill(keys, -1);
  }

  int size() {
    return size;
  }

  static long key(int left, int right) {
    return (long) left << 32 | right;
  }

  /** The pair of a number: the left id in the high half. */
  long pair(int number) {
    return pairs[number];
  }

  long count(int number) {
    return counts[number];
  }

  void addCount(int number, long change) {
    counts[number] += change;
  }

  /** The number of a pair, which is new if need be. */
  int number(long key) {
    int mask = keys.length - 1;
    int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (keys[slot] != key) {
      if (keys[slot] == -1) {
        return insert(key, slot);
      }
      slot = (slot + 1) & mask;
    }
    return numbers[slot];
  }

  private int insert(long key, int slot) {
    if (size == counts.length) {
      counts = Arrays.copyOf(counts, 2 * size);
      pairs = Arrays.copyOf(pairs, 2 * size);
    }
    keys[slot] = key;
    numbers[slot] = size;
    pairs[size] = key;
    size++;
    if (2 * size > keys.length) {
      rehash();
    }
    return size - 1;
  }

  private void rehash() {
    keys = new long[2 * keys.length];
    numbers = new int[keys.length];
    Arrays.fill(keys, -1);
    int mask = keys.length - 1;
    for (int number = 0; number < size; number++) {
      int slot = (int) ((pairs[number] * 0x9E3779B97F4A7C15L) >>> 32) & mask;
      while (keys[slot] != -1) {
        slot = (slot + 1) & mask;
      }
      keys[slot] = pairs[number];
      numbers[slot] = number;
    }
  }
}
