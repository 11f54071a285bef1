package io.kanana.data.text;

import java.util.Arrays;

/**
 * How space-separated words seen before were split, bounded: a full cache is emptied. Languages
 * repeat themselves, so nine words of ten need no analysis. Not for several threads.
 */
final class SpanCache {
  static final int LONGEST = 64;
  private static final int MAX_WORDS = 1 << 17;
  private static final int MAX_CHARS = 1 << 21;
  private static final int MAX_PARTS = 1 << 20;

  /** Word number + 1 by hash; 0 is empty. */
  private int[] slots = new int[1 << 12];

  private int[] hashes = new int[1024];
  private int[] charStarts = new int[1025];
  private int[] partStarts = new int[1025];
  private char[] chars = new char[8192];

  /** Where a part begins and ends in its word, in a byte each. */
  private short[] parts = new short[2048];

  private int words;

  static int hash(char[] text, int from, int to) {
    int hash = to - from;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + text[i];
    }
    hash *= 0x9E3779B9;
    return hash ^ hash >>> 15;
  }

  /** The number of a word, or -1. */
  int find(char[] text, int from, int to, int hash) {
    int mask = slots.length - 1;
    for (int slot = hash & mask; slots[slot] != 0; slot = slot + 1 & mask) {
      int word = slots[slot] - 1;
      if (hashes[word] == hash
          && Arrays.equals(chars, charStarts[word], charStarts[word + 1], text, from, to)) {
        return word;
      }
    }
    return -1;
  }

  /** Appends the parts of a word that stands at {@code from}. */
  void copy(int word, int from, Spans out) {
    for (int i = partStarts[word]; i < partStarts[word + 1]; i++) {
      out.add(from + (parts[i] >> 8), from + (parts[i] & 0xFF));
    }
  }

  /** Remembers a word, whose parts are the last of a list. */
  void put(char[] text, int from, int to, int hash, Spans list, int firstPart) {
    int length = to - from;
    int count = list.count() - firstPart;
    if (words == MAX_WORDS
        || charStarts[words] + length > MAX_CHARS
        || partStarts[words] + count > MAX_PARTS) {
      Arrays.fill(slots, 0);
      words = 0;
    }
    grow(length, count);
    System.arraycopy(text, from, chars, charStarts[words], length);
    for (int i = 0; i < count; i++) {
      int begins = list.from(firstPart + i) - from;
      int ends = list.to(firstPart + i) - from;
      parts[partStarts[words] + i] = (short) (begins << 8 | ends);
    }
    hashes[words] = hash;
    charStarts[words + 1] = charStarts[words] + length;
    partStarts[words + 1] = partStarts[words] + count;
    insert(hash, ++words);
  }

  private void insert(int hash, int value) {
    int mask = slots.length - 1;
    int slot = hash & mask;
    while (slots[slot] != 0) {
      slot = slot + 1 & mask;
    }
    slots[slot] = value;
  }

  private void grow(int length, int count) {
    if (words == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * words);
      charStarts = Arrays.copyOf(charStarts, 2 * words + 1);
      partStarts = Arrays.copyOf(partStarts, 2 * words + 1);
    }
    if (charStarts[words] + length > chars.length) {
      chars = Arrays.copyOf(chars, 2 * chars.length);
    }
    if (partStarts[words] + count > parts.length) {
      parts = Arrays.copyOf(parts, 2 * parts.length);
    }
    if (2 * words >= slots.length) {
      slots = new int[2 * slots.length];
      for (int i = 0; i < words; i++) {
        insert(hashes[i], i + 1);
      }
    }
  }
}
