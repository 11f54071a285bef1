package io.kanana.core.tokenizer;

import java.util.Arrays;

/** Numbers distinct words from 0, in the order in which they come. Not for several threads. */
final class WordTable {
  /** Word number + 1 by hash; 0 is empty. */
  private int[] slots = new int[1 << 12];

  private long[] hashes = new long[1024];
  private int[] starts = new int[1025];
  private char[] chars = new char[8192];
  private int size;

  int size() {
    return size;
  }

  /** All words one after another. */
  char[] chars() {
    return chars;
  }

  /** Where a word begins in {@link #chars}; it ends where the next one begins. */
  int start(int word) {
    return starts[word];
  }

  /** The number of a word, or -1. */
  int find(char[] text, int from, int to, long hash) {
    int mask = slots.length - 1;
    for (int slot = (int) hash & mask; slots[slot] != 0; slot = slot + 1 & mask) {
      int word = slots[slot] - 1;
      if (hashes[word] == hash
          && Arrays.equals(chars, starts[word], starts[word + 1], text, from, to)) {
        return word;
      }
    }
    return -1;
  }

  /** Numbers a word that is not there yet. */
  int add(char[] text, int from, int to, long hash) {
    int length = to - from;
    grow(length);
    System.arraycopy(text, from, chars, starts[size], length);
    hashes[size] = hash;
    starts[size + 1] = starts[size] + length;
    insert(hash, size + 1);
    return size++;
  }

  void clear() {
    Arrays.fill(slots, 0);
    size = 0;
  }

  private void insert(long hash, int value) {
    int mask = slots.length - 1;
    int slot = (int) hash & mask;
    while (slots[slot] != 0) {
      slot = slot + 1 & mask;
    }
    slots[slot] = value;
  }

  private void grow(int length) {
    if (size == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * size);
      starts = Arrays.copyOf(starts, 2 * size + 1);
    }
    if (chars.length - starts[size] < length) {
      chars = Arrays.copyOf(chars, Math.max(starts[size] + length, grown(chars.length)));
    }
    if (2 * size >= slots.length) {
      slots = new int[2 * slots.length];
      for (int word = 0; word < size; word++) {
        insert(hashes[word], word + 1);
      }
    }
  }

  private static int grown(int capacity) {
    return (int) Math.min(2L * capacity, Integer.MAX_VALUE - 8);
  }
}
