package io.kanana.data.classify;

import java.util.Arrays;

/** What a text consists of, as rows of a classifier's input matrix. Reused; for one thread. */
final class Features {
  private int[] rows = new int[256];
  private int count;
  private int[] wholeWords = new int[64];
  private int wholeWordCount;
  private int[] hashes = new int[64];
  private int hashCount;
  private byte[] marked = new byte[64];

  void clear() {
    count = 0;
    wholeWordCount = 0;
    hashCount = 0;
  }

  /** Adds a row; -1 stands for none. */
  void add(int row) {
    if (row < 0) {
      return;
    }
    if (count == rows.length) {
      rows = Arrays.copyOf(rows, 2 * count);
    }
    rows[count++] = row;
  }

  /** Adds a word with all its character n-grams, which stand summed up somewhere. */
  void addWholeWord(int word) {
    if (wholeWordCount == wholeWords.length) {
      wholeWords = Arrays.copyOf(wholeWords, 2 * wholeWordCount);
    }
    wholeWords[wholeWordCount++] = word;
  }

  void addHash(int hash) {
    if (hashCount == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * hashCount);
    }
    hashes[hashCount++] = hash;
  }

  /** The token between angle brackets, good until the next call. */
  byte[] marked(byte[] text, int from, int to) {
    int length = to - from;
    if (marked.length < length + 2) {
      marked = new byte[2 * length + 2];
    }
    marked[0] = '<';
    System.arraycopy(text, from, marked, 1, length);
    marked[length + 1] = '>';
    return marked;
  }

  /** The rows, of which the first {@link #count} are used. */
  int[] rows() {
    return rows;
  }

  int count() {
    return count;
  }

  /** Words that stand for more than a row, of which the first {@link #wholeWordCount} are used. */
  int[] wholeWords() {
    return wholeWords;
  }

  int wholeWordCount() {
    return wholeWordCount;
  }

  /** Hashes of the tokens, of which the first {@link #hashCount} are used. */
  int[] hashes() {
    return hashes;
  }

  int hashCount() {
    return hashCount;
  }

  int[] copy() {
    return Arrays.copyOf(rows, count);
  }
}
