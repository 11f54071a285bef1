package io.kanana.core.tokenizer;

import java.util.Arrays;

/** The ids of words seen before, bounded: a full cache is emptied. Not for several threads. */
final class WordCache {
  private static final int MAX_WORDS = 1 << 16;
  private static final int MAX_CHARS = 1 << 20;
  private static final int MAX_IDS = 1 << 18;
  private static final int LONGEST_WORD = 64;
  private static final int MASK = 2 * MAX_WORDS - 1;

  /** Word number + 1 by hash; 0 is empty. */
  private final int[] slots = new int[2 * MAX_WORDS];

  private int[] hashes = new int[1024];
  private int[] charStarts = new int[1025];
  private int[] idStarts = new int[1025];
  private char[] chars = new char[8192];
  private int[] ids = new int[2048];
  private int words;

  static boolean accepts(int from, int to) {
    return to - from <= LONGEST_WORD;
  }

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
    for (int slot = hash & MASK; slots[slot] != 0; slot = slot + 1 & MASK) {
      int word = slots[slot] - 1;
      if (hashes[word] == hash
          && Arrays.equals(chars, charStarts[word], charStarts[word + 1], text, from, to)) {
        return word;
      }
    }
    return -1;
  }

  /** Appends the ids of a word. */
  void copy(int word, IntList out) {
    out.addAll(ids, idStarts[word], idStarts[word + 1]);
  }

  /** Remembers a word, whose ids are the last of a list. */
  void put(char[] text, int from, int to, int hash, IntList list, int firstId) {
    int length = to - from;
    int count = list.size() - firstId;
    if (words == MAX_WORDS
        || charStarts[words] + length > MAX_CHARS
        || idStarts[words] + count > MAX_IDS) {
      Arrays.fill(slots, 0);
      words = 0;
    }
    grow(length, count);
    System.arraycopy(text, from, chars, charStarts[words], length);
    list.copyTo(firstId, ids, idStarts[words], count);
    hashes[words] = hash;
    charStarts[words + 1] = charStarts[words] + length;
    idStarts[words + 1] = idStarts[words] + count;
    int slot = hash & MASK;
    while (slots[slot] != 0) {
      slot = slot + 1 & MASK;
    }
    slots[slot] = ++words;
  }

  private void grow(int length, int count) {
    if (words == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * words);
      charStarts = Arrays.copyOf(charStarts, 2 * words + 1);
      idStarts = Arrays.copyOf(idStarts, 2 * words + 1);
    }
    if (charStarts[words] + length > chars.length) {
      chars = Arrays.copyOf(chars, 2 * chars.length);
    }
    if (idStarts[words] + count > ids.length) {
      ids = Arrays.copyOf(ids, 2 * ids.length);
    }
  }
}
