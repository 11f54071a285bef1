package io.kanana.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.random.RandomKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The fast counts beside the obvious ones, on texts of few words so that much is repeated. */
class RepetitionTest {
  private static final String[] PIECES = {"a", "b", "ab", "ba", "가", "나다", "😀", ".", "aa", "b\n"};

  private static String randomText(RandomKey key, int words, int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(PIECES[key.below(i, pieces)]).append(key.below(words + i, 5) == 0 ? "\n" : " ");
    }
    return text.toString();
  }

  private static List<String> strings(Words words) {
    return IntStream.range(0, words.count()).mapToObj(words::word).toList();
  }

  @Test
  void runsOfWordsAreCountedAsInTheObviousWay() {
    RepeatedNgrams fast = new RepeatedNgrams();
    for (int round = 0; round < 400; round++) {
      RandomKey key = RandomKey.of(7).child(round);
      String text = randomText(key.child(1), key.below(0, 300), 2 + key.below(1, 9));
      Words words = WordRule.SIMPLE.of(text);
      List<String> strings = strings(words);
      fast.begin(words);
      for (int n = 1; n <= 4; n++) {
        assertThat(fast.top(n))
            .as("top %s of %s", n, text)
            .isEqualTo(SlowRepetition.top(strings, n));
      }
      for (int n = 4; n <= 10; n++) {
        assertThat(fast.duplicates(n))
            .as("duplicate %s of %s", n, text)
            .isEqualTo(SlowRepetition.duplicates(strings, n));
      }
    }
  }

  /** Joined without spaces, ab c and a bc are the same run, though not of the same words. */
  @Test
  void duplicatesAreOfCharactersAndTopOfWords() {
    Words words = WordRule.ENGLISH.of("ab c a bc ab c");
    RepeatedNgrams fast = new RepeatedNgrams().begin(words);
    assertThat(fast.top(2)).isEqualTo(2 * 4);
    assertThat(fast.duplicates(2)).isEqualTo(3 + 3);
  }

  @Test
  void ofSeveralMostFrequentRunsTheFirstCounts() {
    RepeatedNgrams fast = new RepeatedNgrams();
    assertThat(fast.begin(WordRule.SIMPLE.of("long word x y x y long word")).top(2)).isEqualTo(18);
    assertThat(fast.begin(WordRule.SIMPLE.of("x y long word long word x y")).top(2)).isEqualTo(6);
  }

  @Test
  void nGrows() {
    RepeatedNgrams fast = new RepeatedNgrams().begin(WordRule.SIMPLE.of("a b c d e"));
    assertThat(fast.top(3)).isEqualTo(5);
    assertThatThrownBy(() -> fast.top(2)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void linesAreCountedAsInTheObviousWay() {
    DuplicateLines fast = new DuplicateLines();
    Spans spans = new Spans();
    for (int round = 0; round < 300; round++) {
      RandomKey key = RandomKey.of(8).child(round);
      String text = randomText(key.child(1), key.below(0, 200), 1 + key.below(1, 10));
      char[] chars = text.toCharArray();
      DuplicateLines found = fast.of(chars, Lines.atRuns(chars, 0, chars.length, 1, spans));
      List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n+", -1)));
      assertThat(List.of(found.count(), found.characters()))
          .as(text)
          .isEqualTo(SlowRepetition.duplicateLines(lines));
    }
  }
}
