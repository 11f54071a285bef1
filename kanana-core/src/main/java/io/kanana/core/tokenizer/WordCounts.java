package io.kanana.core.tokenizer;

import java.util.Arrays;

/** How often each distinct piece of text occurs. Not for several threads. */
final class WordCounts {
  private final WordTable words = new WordTable();
  private long[] counts = new long[1024];

  int size() {
    return words.size();
  }

  long count(int word) {
    return counts[word];
  }

  char[] chars() {
    return words.chars();
  }

  /** Where a word begins in {@link #chars}; it ends where the next one begins. */
  int start(int word) {
    return words.start(word);
  }

  void add(char[] text, int from, int to, long count) {
    long hash = TextHash.of(text, from, to);
    int word = words.find(text, from, to, hash);
    if (word < 0) {
      word = words.add(text, from, to, hash);
      if (word == counts.length) {
        counts = Arrays.copyOf(counts, 2 * word);
      }
    }
    counts[word] += count;
  }

  void addAll(WordCounts other) {
    for (int word = 0; word < other.size(); word++) {
      add(other.chars(), other.start(word), other.start(word + 1), other.count(word));
    }
  }
}
