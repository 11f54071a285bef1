package io.kanana.data.text;

import io.kanana.core.tokenizer.WordCache;

/** How words seen before were split. Not for several threads while words are put into it. */
final class SpanCache {
  static final int LONGEST = 64;
  static final int WORDS = 1 << 17;

  /** Where a part begins and ends in its word, in a byte each. */
  private final WordCache parts;

  SpanCache(int words) {
    parts = new WordCache(words, 16 * words, 8 * words);
  }

  /** The number of a word, or -1. */
  int find(char[] text, int from, int to, long hash) {
    return parts.find(text, from, to, hash);
  }

  /** Appends the parts of a word that stands at {@code from}. */
  void copy(int word, int from, Spans out) {
    for (int i = parts.start(word); i < parts.end(word); i++) {
      int part = parts.value(i);
      out.add(from + (part >> 8), from + (part & 0xFF));
    }
  }

  /** Whether a word of this length and so many parts goes in without emptying it. */
  boolean hasRoom(int length, int count) {
    return parts.hasRoom(length, count);
  }

  void clear() {
    parts.clear();
  }

  /** Remembers a word, whose parts are the last of a list. */
  void put(char[] text, int from, int to, long hash, Spans list, int first) {
    parts.put(
        text,
        from,
        to,
        hash,
        list.count() - first,
        i -> (list.from(first + i) - from) << 8 | (list.to(first + i) - from));
  }
}
