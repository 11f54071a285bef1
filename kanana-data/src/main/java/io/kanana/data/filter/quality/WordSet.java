package io.kanana.data.filter.quality;

import io.kanana.data.text.Words;
import java.util.Arrays;
import java.util.List;

/** A few words to look for among the spans of a text, without making strings. Immutable. */
final class WordSet {
  /** How many words one has at most. */
  static final int MOST = 64;

  /** By their first character, modulo 256: the words as bits of a number. */
  private final long[] byFirst = new long[256];

  private final char[][] words;

  WordSet(List<String> list) {
    words = list.stream().distinct().map(String::toCharArray).toArray(char[][]::new);
    for (int i = 0; i < words.length; i++) {
      byFirst[words[i][0] & 0xFF] |= 1L << i;
    }
  }

  /** How many of them occur. */
  int present(Words text) {
    long found = 0;
    for (int i = 0; i < text.count(); i++) {
      long candidates = byFirst[text.chars()[text.from(i)] & 0xFF] & ~found;
      for (; candidates != 0; candidates &= candidates - 1) {
        int word = Long.numberOfTrailingZeros(candidates);
        if (Arrays.equals(
            words[word], 0, words[word].length, text.chars(), text.from(i), text.to(i))) {
          found |= 1L << word;
        }
      }
    }
    return Long.bitCount(found);
  }
}
