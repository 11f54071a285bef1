package io.kanana.core.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TextHashTest {
  private static final int PAIRS = 16;

  /** Aa and BB have the same polynomial of 31, and so has whatever is made of them. */
  private static char[] word(int bits) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < PAIRS; i++) {
      word.append((bits >> i & 1) == 0 ? "Aa" : "BB");
    }
    return word.toString().toCharArray();
  }

  @Test
  void wordsMadeToCollideSpreadAsOthersDo() {
    Set<Long> hashes = new HashSet<>();
    Set<Long> places = new HashSet<>();
    int words = 1 << PAIRS;
    for (int bits = 0; bits < words; bits++) {
      char[] word = word(bits);
      long hash = TextHash.of(word, 0, word.length);
      hashes.add(hash);
      places.add(hash & 2 * words - 1);
    }
    assertThat(hashes).hasSize(words);
    // of n words in 2 n places, 2 n (1 - e^-1/2) places have one
    assertThat(places).hasSizeBetween(51_000, 52_200);
  }

  @Test
  void onlyTheCharactersOfASpanCount() {
    char[] text = "one two one".toCharArray();
    assertThat(TextHash.of(text, 0, 3)).isEqualTo(TextHash.of(text, 8, 11));
    assertThat(TextHash.of(text, 0, 3)).isNotEqualTo(TextHash.of(text, 4, 7));
    assertThat(TextHash.of(text, 0, 0)).isNotEqualTo(TextHash.of("\0".toCharArray(), 0, 1));
  }
}
