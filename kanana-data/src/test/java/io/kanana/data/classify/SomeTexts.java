package io.kanana.data.classify;

import io.kanana.core.random.RandomKey;
import java.util.List;

/** Made texts of three kinds that differ in some of their words. */
final class SomeTexts {
  static final List<String> LABELS = List.of("colour", "number", "food");

  private static final List<List<String>> OWN =
      List.of(
          List.of("red", "푸른", "green", "붉은", "하얀", "yellow"),
          List.of("seven", "둘", "eleven", "셋", "hundred", "아홉"),
          List.of("bread", "밥", "soup", "김치", "곡식", "apple"));
  private static final List<String> COMMON =
      List.of("the", "a", "이것은", "of", "그리고", "with", "매우", "was", "있다", "is");

  private SomeTexts() {}

  /** Texts of these numbers; others are others. */
  static LabelledTexts from(int first, int count) {
    return use -> {
      for (int i = first; i < first + count; i++) {
        RandomKey key = RandomKey.of(i);
        int kind = i % LABELS.size();
        use.accept(text(key, OWN.get(kind)), List.of(LABELS.get(kind)));
      }
    };
  }

  private static String text(RandomKey key, List<String> own) {
    StringBuilder text = new StringBuilder();
    for (int word = 0; word < 8; word++) {
      List<String> from = word % 4 == 1 ? own : COMMON;
      text.append(from.get(key.below(word, from.size()))).append(word == 5 ? "\n" : " ");
    }
    return text.toString();
  }
}
