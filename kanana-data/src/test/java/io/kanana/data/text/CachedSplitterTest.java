package io.kanana.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CachedSplitterTest {
  private final List<String> asked = new ArrayList<>();

  /** Cuts behind every vowel. */
  private void cut(char[] chars, int from, int to, Spans out) {
    asked.add(new String(chars, from, to - from));
    int start = from;
    for (int i = from; i < to; i++) {
      if ("aeiou".indexOf(chars[i]) >= 0 || i == to - 1) {
        out.add(start, i + 1);
        start = i + 1;
      }
    }
  }

  private static List<String> parts(WordSplitter splitter, String word) {
    char[] chars = ("<" + word + ">").toCharArray();
    Spans spans = new Spans();
    spans.add(0, 1);
    splitter.split(chars, 1, chars.length - 1, spans);
    List<String> parts = new ArrayList<>();
    for (int i = 1; i < spans.count(); i++) {
      parts.add(new String(chars, spans.from(i), spans.to(i) - spans.from(i)));
    }
    return parts;
  }

  @Test
  void findsTheSameHoweverMuchItForgets() {
    Random random = new Random(5);
    WordSplitter cached = new CachedSplitter(this::cut, 20);
    for (int i = 0; i < 5_000; i++) {
      String word = Long.toString(random.nextInt(60) * 7_919L + 1_000_000, 36).repeat(1 + i % 3);
      assertThat(parts(cached, word)).isEqualTo(parts(this::cut, word));
    }
  }

  @Test
  void whatIsAskedForAgainIsKept() {
    WordSplitter cached = new CachedSplitter(this::cut, 10);
    for (int i = 0; i < 200; i++) {
      parts(cached, "often");
      parts(cached, "once" + i);
    }
    assertThat(asked.stream().filter("often"::equals)).hasSize(1);
    parts(cached, "once" + 0);
    assertThat(asked.stream().filter("once0"::equals)).hasSize(2);
  }

  @Test
  void longSpansAreNotRemembered() {
    WordSplitter cached = new CachedSplitter(this::cut);
    String word = "ba".repeat(40);
    assertThat(parts(cached, word)).hasSize(40).isEqualTo(parts(cached, word));
    assertThat(asked).hasSize(2);
  }
}
