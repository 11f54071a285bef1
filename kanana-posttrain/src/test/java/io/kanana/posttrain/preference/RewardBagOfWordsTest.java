package io.kanana.posttrain.preference;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.random.RandomKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RewardBagOfWordsTest {
  private static final List<String> WORDS = List.of("바다는", "영화", "sea", "child", "wide", "the");

  private static List<RewardPair> pairs(int count, long seed, String good, String bad) {
    List<RewardPair> pairs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RandomKey key = RandomKey.of(seed).child(i);
      pairs.add(
          new RewardPair(Optional.empty(), noise(key, 0) + good, noise(key, 9) + bad, 0, false));
    }
    return pairs;
  }

  private static String noise(RandomKey key, int from) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      text.append(WORDS.get(key.below(from + i, WORDS.size()))).append(' ');
    }
    return text.toString();
  }

  private static double accuracy(RewardBagOfWords words, List<RewardPair> pairs) {
    return pairs.stream().filter(pair -> words.margin(pair) > 0).count() / (double) pairs.size();
  }

  @Test
  void itFindsTheWordThatMakesTheDifference() {
    RewardBagOfWords words = RewardBagOfWords.train(pairs(300, 1, "wonderful", "boring"));
    assertThat(accuracy(words, pairs(200, 2, "wonderful", "boring"))).isEqualTo(1);
    assertThat(accuracy(words, pairs(200, 2, "boring", "wonderful"))).isEqualTo(0);
  }

  /** The words of the test were never seen, their syllables were. */
  @Test
  void itFindsTheSyllables() {
    RewardBagOfWords words = RewardBagOfWords.train(pairs(300, 1, "재밌다", "지루하다"));
    assertThat(accuracy(words, pairs(200, 2, "재밌네요", "지루했음"))).isGreaterThan(0.95);
  }

  @Test
  void whereNothingTellsItIsAsGoodAsChance() {
    RewardBagOfWords words = RewardBagOfWords.train(pairs(400, 1, "", ""));
    assertThat(accuracy(words, pairs(1000, 2, "", ""))).isBetween(0.35, 0.6);
  }

  @Test
  void theSamePairsGiveTheSameWeights() {
    List<RewardPair> pairs = pairs(100, 3, "a", "b");
    RewardPair other = pairs(1, 9, "a", "b").getFirst();
    assertThat(RewardBagOfWords.train(pairs).margin(other))
        .isEqualTo(RewardBagOfWords.train(pairs).margin(other));
  }
}
