package io.kanana.data.filter.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.data.text.SentenceRule;
import io.kanana.data.text.WordRule;
import io.kanana.data.text.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The words that others find in the same texts. */
@Tag("golden")
class WordsGoldenTest {
  private final Map<String, JsonNode> expected = new GoldenVerdicts().words();

  private static List<String> first(WordRule rule, String text, int count) {
    Words words = rule.of(text);
    List<String> first = new ArrayList<>();
    for (int i = 0; i < Math.min(count, words.count()); i++) {
      first.add(words.word(i));
    }
    return first;
  }

  private static List<String> strings(JsonNode words) {
    List<String> strings = new ArrayList<>();
    words.forEach(word -> strings.add(word.asText()));
    return strings;
  }

  @Test
  void simpleWordsAndSentencesAreTheSame() {
    expected.forEach(
        (text, row) -> {
          List<String> words = strings(row.get("simple"));
          assertThat(first(WordRule.SIMPLE, text, words.size())).isEqualTo(words);
          if (!text.isBlank()) {
            assertThat(SentenceRule.SIMPLE.split(text))
                .hasSize(row.get("simple_sentences").asInt());
          }
        });
  }

  @Test
  void englishWordsAreNearlyThoseOfSpacy() {
    assertThat(shared("spacy-en", WordRule.ENGLISH)).isGreaterThan(0.995);
  }

  @Test
  void koreanMorphemesAreMostlyThoseOfKiwi() {
    assertThat(shared("kiwi", WordRule.KOREAN)).isGreaterThan(0.85);
  }

  /** The share of words that both have, each as often as it occurs. */
  private double shared(String variant, WordRule rule) {
    int common = 0;
    int all = 0;
    for (Map.Entry<String, JsonNode> entry : expected.entrySet()) {
      if (entry.getValue().has(variant)) {
        List<String> theirs = strings(entry.getValue().get(variant));
        List<String> ours = first(rule, entry.getKey(), theirs.size());
        Map<String, Integer> left = new HashMap<>();
        theirs.forEach(word -> left.merge(word, 1, Integer::sum));
        for (String word : ours) {
          common += left.merge(word, -1, Integer::sum) >= 0 ? 1 : 0;
        }
        all += theirs.size();
      }
    }
    assertThat(all).isGreaterThan(1000);
    return (double) common / all;
  }
}
