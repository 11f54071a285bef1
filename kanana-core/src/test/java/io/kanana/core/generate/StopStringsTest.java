package io.kanana.core.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.core.random.RandomKey;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StopStringsTest {
  @Test
  void holdsBackWhatMayBecomeAStopString() {
    StopStrings stops = new StopStrings(List.of("</end>"));
    assertThat(stops.next("one < two </")).isEqualTo("one < two ");
    assertThat(stops.next("b> </e")).isEqualTo("</b> ");
    assertThat(stops.stopped()).isFalse();
    assertThat(stops.next("nd> more")).isEmpty();
    assertThat(stops.stopped()).isTrue();
    assertThat(stops.next("more") + stops.flush()).isEmpty();
  }

  @Test
  void flushGivesTheRestOfAnUnfinishedStopString() {
    StopStrings stops = new StopStrings(List.of("STOP", "\n\n"));
    assertThat(stops.next("a\nSTO")).isEqualTo("a\n");
    assertThat(stops.flush()).isEqualTo("STO");
    assertThat(new StopStrings(List.of()).next("all")).isEqualTo("all");
  }

  @Test
  void refusesAnEmptyStopString() {
    assertThatThrownBy(() -> new StopStrings(List.of("a", "")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("empty");
  }

  @Test
  void agreesWithCuttingTheWholeTextHoweverItIsCutIntoPieces() {
    for (int trial = 0; trial < 3000; trial++) {
      RandomKey key = RandomKey.of(trial);
      String text = letters(key.child("text"), 30);
      List<String> stops =
          IntStream.range(0, 1 + key.below(0, 3))
              .mapToObj(i -> letters(key.child(i), 1 + key.below(10 + i, 4)))
              .toList();
      assertThat(streamed(text, stops, key.child("cuts")))
          .as("%s in %s", stops, text)
          .isEqualTo(cut(text, stops));
    }
  }

  private static String letters(RandomKey key, int length) {
    return IntStream.range(0, length)
        .mapToObj(i -> String.valueOf((char) ('a' + key.below(i, 3))))
        .collect(Collectors.joining());
  }

  private static String streamed(String text, List<String> stops, RandomKey key) {
    StopStrings matcher = new StopStrings(stops);
    StringBuilder out = new StringBuilder();
    for (int start = 0; start < text.length(); ) {
      int end = Math.min(text.length(), start + 1 + key.below(start, 6));
      out.append(matcher.next(text.substring(start, end)));
      start = end;
    }
    return out.append(matcher.flush()).toString();
  }

  /** The slow and obvious way: look at every end position of the whole text. */
  private static String cut(String text, List<String> stops) {
    for (int end = 1; end <= text.length(); end++) {
      String head = text.substring(0, end);
      int longest = stops.stream().filter(head::endsWith).mapToInt(String::length).max().orElse(0);
      if (longest > 0) {
        return head.substring(0, end - longest);
      }
    }
    return text;
  }
}
