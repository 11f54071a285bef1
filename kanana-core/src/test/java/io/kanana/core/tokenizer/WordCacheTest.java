package io.kanana.core.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WordCacheTest {
  private final WordCache cache = new WordCache(5_000, 1 << 20, 1 << 20);

  private int find(String word) {
    char[] chars = ("<" + word + ">").toCharArray();
    return cache.find(chars, 1, chars.length - 1, TextHash.of(chars, 1, chars.length - 1));
  }

  private void put(String word, int... values) {
    char[] chars = ("<" + word + ">").toCharArray();
    long hash = TextHash.of(chars, 1, chars.length - 1);
    cache.put(chars, 1, chars.length - 1, hash, values.length, i -> values[i]);
  }

  private int[] values(int word) {
    return IntStream.range(cache.start(word), cache.end(word)).map(cache::value).toArray();
  }

  @Test
  void whatWasPutIsFoundAgain() {
    Map<String, int[]> all = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      all.put("w" + i, IntStream.range(i, i + i % 5).toArray());
    }
    all.forEach(this::put);
    all.forEach((word, values) -> assertThat(values(find(word))).as(word).isEqualTo(values));
    assertThat(find("w")).isNegative();
    assertThat(find("w5000")).isNegative();
  }

  @Test
  void aFullOneIsEmptied() {
    for (int i = 0; i < 5_000; i++) {
      assertThat(cache.hasRoom(5, 1)).isTrue();
      put("w" + i, i);
    }
    assertThat(cache.hasRoom(5, 1)).isFalse();
    put("w5000", 5_000);
    assertThat(find("w4999")).isNegative();
    assertThat(values(find("w5000"))).containsExactly(5_000);
  }

  @Test
  void roomIsForCharactersAndValuesToo() {
    WordCache small = new WordCache(5, 8, 8);
    char[] word = "abcdef".toCharArray();
    small.put(word, 0, 6, TextHash.of(word, 0, 6), 5, i -> i);
    assertThat(small.hasRoom(2, 3)).isTrue();
    assertThat(small.hasRoom(3, 3)).isFalse();
    assertThat(small.hasRoom(2, 4)).isFalse();
    small.clear();
    assertThat(small.hasRoom(8, 8)).isTrue();
    assertThat(small.find(word, 0, 6, TextHash.of(word, 0, 6))).isNegative();
  }
}
