package io.kanana.core.tokenizer;

import java.util.Arrays;

/** How often each distinct piece of text occurs. Not for several threads. */
final class WordCounts {
  private static final int FIRST_CAPACITY = 1 << 12;

  private int[] slots = new int[2 * FIRST_CAPACITY];
  private int[] hashes = new int[FIRST_CAPACITY];
  private long[] counts = new long[FIRST_CAPACITY];
  private int[] starts = new int[FIRST_CAPACITY + 1];
  private char[] chars = new char[8 * FIRST_CAPACITY];
  private int size;

  int size() {
    return size;
  }

  long count(int word) {
    return counts[word];
  }

  char[] chars() {
    return chars;
  }

  /** Where a word begins in {@link #chars}; it ends where the next one begins. */
  int start(int word) {
    return starts[word];
  }

  void add(char[] text, int from, int to, long count) {
    int hash = WordCache.hash(text, from, to);
    int mask = slots.length - 1;
    int slot = hash & mask;
    while (slots[slot] != 0) {
      int word = slots[slot] - 1;
      if (hashes[word] == hash
          && Arrays.equals(chars, starts[word], starts[word + 1], text, from, to)) {
        counts[word] += count;
        return;
      }
      slot = (slot + 1) & mask;
    }
    append(text, from, to, hash, count);
    slots[slot] = size;
    if (2 * size > slots.length) {
      rehash();
    }
  }

  void addAll(WordCounts other) {
    for (int word = 0; word < other.size; word++) {
      add(other.chars, other.starts[word], other.starts[word + 1], other.counts[word]);
    }
  }

  private void append(char[] text, int from, int to, int hash, long count) {
    int length = to - from;
    if (size == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
      starts = Arrays.copyOf(starts, 2 * size + 1);
    }
    if (chars.length - starts[size] < length) {
      chars = Arrays.copyOf(chars, Math.max(starts[size] + length, grown(chars.length)));
    }
    System.arraycopy(text, from, chars, starts[size], length);
    hashes[size] = hash;
    counts[size] = count;
    starts[size + 1] = starts[size] + length;
    size++;
  }

  private static int grown(int capacity) {
    return (int) Math.min(2L * capacity, Integer.MAX_VALUE - 8);
  }

  private void rehash() {
    slots = new int[2 * slots.length];
    int mask = slots.length - 1;
    for (int word = 0; word < size; word++) {
      int slot = hashes[word] & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = word + 1;
    }
  }
}
