package io.kanana.core.tokenizer;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * What words seen before came to, as ints: the ids of a tokenizer, or where a word's parts stand.
 * Bounded: a full cache is emptied. Not for several threads while words are put into it.
 */
public final class WordCache {
  private final int maxWords;
  private final int maxChars;
  private final int maxValues;
  private final WordTable words = new WordTable();

  /** Where the values of words begin; one more for the end. */
  private int[] starts = new int[1025];

  private int[] values = new int[2048];

  /** An empty one with bounds on the number of words, their characters and their values. */
  public WordCache(int maxWords, int maxChars, int maxValues) {
    this.maxWords = maxWords;
    this.maxChars = maxChars;
    this.maxValues = maxValues;
  }

  /**
   * The number of a word, or -1.
   *
   * @param hash that of {@link TextHash}
   */
  public int find(char[] text, int from, int to, long hash) {
    return words.find(text, from, to, hash);
  }

  /** Where the values of a word begin. */
  public int start(int word) {
    return starts[word];
  }

  /** Where they end. */
  public int end(int word) {
    return starts[word + 1];
  }

  /** The value at a place. */
  public int value(int at) {
    return values[at];
  }

  /** Appends the values of a word. */
  void copy(int word, IntList out) {
    out.addAll(values, starts[word], starts[word + 1]);
  }

  /**
   * Remembers a word that is not there yet.
   *
   * @param count how many values it has
   * @param value the value of each index below {@code count}
   */
  public void put(char[] text, int from, int to, long hash, int count, IntUnaryOperator value) {
    if (!hasRoom(to - from, count)) {
      clear();
    }
    int word = words.add(text, from, to, hash);
    if (word + 1 == starts.length) {
      starts = Arrays.copyOf(starts, 2 * starts.length);
    }
    int first = starts[word];
    if (values.length - first < count) {
      values = Arrays.copyOf(values, Math.max(first + count, 2 * values.length));
    }
    for (int i = 0; i < count; i++) {
      values[first + i] = value.applyAsInt(i);
    }
    starts[word + 1] = first + count;
  }

  /** Whether a word of this length and so many values goes in without emptying it. */
  public boolean hasRoom(int length, int count) {
    return words.size() < maxWords
        && words.start(words.size()) + length <= maxChars
        && starts[words.size()] + count <= maxValues;
  }

  /** Forgets all words. */
  public void clear() {
    words.clear();
  }
}
