package io.kanana.core.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.NumericalException;
import io.kanana.core.random.RandomKey;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SamplerTest {
  @Test
  void agreesWithSortingEverything() {
    for (int trial = 0; trial < 400; trial++) {
      RandomKey key = RandomKey.of(trial);
      float[] logits = new float[1 + key.child("size").below(0, 1500)];
      key.child("logits").fillGaussian(logits, 0, 0.2 + 4 * key.uniform(0));
      if (trial % 3 == 0) { // ties
        for (int i = 0; i < logits.length; i++) {
          logits[i] = Math.round(logits[i]);
        }
      }
      int[] history = new int[key.below(1, 20)];
      Arrays.setAll(history, i -> key.child("history").below(i, logits.length));
      compare(options(key.child("options")), logits, history);
    }
  }

  private static SamplingOptions options(RandomKey key) {
    return new SamplingOptions(
        0.3 + key.uniform(0),
        key.below(1, 3) * key.below(2, 60),
        key.below(3, 3) == 0 ? 1 : 0.05 + 0.94 * key.uniform(4),
        key.below(5, 2) * 0.2 * key.uniform(6),
        key.below(7, 2) == 0 ? 1 : 0.8 + key.uniform(8));
  }

  private static void compare(SamplingOptions options, float[] logits, int[] history) {
    Map<Integer, Double> expected = SortingSampler.probabilities(options, logits, history);
    Candidates found = new Sampler(options).candidates(logits.clone(), history);
    TreeMap<Integer, Double> probabilities = new TreeMap<>();
    for (int i = 0; i < found.tokens().length; i++) {
      probabilities.put(found.tokens()[i], found.probabilities()[i]);
    }
    assertThat(probabilities.keySet()).as("%s", options).isEqualTo(expected.keySet());
    for (Map.Entry<Integer, Double> entry : expected.entrySet()) {
      assertThat(probabilities.get(entry.getKey())).isCloseTo(entry.getValue(), within(1e-10));
    }
  }

  @Test
  void drawsAsOftenAsTheProbabilitiesSay() {
    Sampler sampler = new Sampler(new SamplingOptions(1, 0, 1, 0, 1));
    float[] logits = {0, (float) Math.log(2), Float.NEGATIVE_INFINITY, (float) Math.log(5)};
    int[] counts = new int[4];
    for (int i = 0; i < 80_000; i++) {
      counts[sampler.next(logits.clone(), new int[0], RandomKey.of(6).child(i))]++;
    }
    assertThat(counts[0]).isBetween(9_600, 10_400);
    assertThat(counts[1]).isBetween(19_500, 20_500);
    assertThat(counts[2]).isZero();
  }

  @Test
  void sameKeyAndHistoryGiveTheSameToken() {
    Sampler sampler = new Sampler(new SamplingOptions(1, 50, 0.9, 0, 1));
    float[] logits = new float[500];
    RandomKey.of(7).fillGaussian(logits, 0, 1);
    int first = sampler.next(logits.clone(), new int[] {1, 2}, RandomKey.of(8));
    assertThat(sampler.next(logits.clone(), new int[] {1, 2}, RandomKey.of(8))).isEqualTo(first);
  }

  @Test
  void greedyTakesTheFirstOfTheLargestAfterThePenalty() {
    Sampler greedy = new Sampler(SamplingOptions.GREEDY);
    assertThat(greedy.next(new float[] {1, 3, 3}, new int[0], RandomKey.of(1))).isEqualTo(1);
    Sampler penalised = new Sampler(new SamplingOptions(0, 0, 1, 0, 2));
    assertThat(penalised.next(new float[] {2, 3, 1}, new int[] {1}, RandomKey.of(1))).isZero();
    assertThat(penalised.next(new float[] {-3, -2}, new int[] {1, 1}, RandomKey.of(1))).isZero();
  }

  @Test
  void masksAreNeverDrawnWhateverTheOptions() {
    float[] logits = new float[300];
    Arrays.fill(logits, Float.NEGATIVE_INFINITY);
    logits[17] = -1e30f;
    Candidates one =
        new Sampler(new SamplingOptions(1, 5, 0.99, 0, 1)).candidates(logits, new int[0]);
    assertThat(one.tokens()).containsExactly(17);
    assertThat(one.draw(Math.nextDown(1.0))).isEqualTo(17);
  }

  @Test
  void refusesLogitsThatAreNoNumbers() {
    Sampler sampler = new Sampler(SamplingOptions.GREEDY);
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> sampler.candidates(new float[] {0, bad}, new int[0]))
          .isInstanceOf(NumericalException.class)
          .hasMessageContaining("token 1");
    }
    assertThatThrownBy(() -> sampler.candidates(new float[] {Float.NEGATIVE_INFINITY}, new int[0]))
        .isInstanceOf(NumericalException.class);
  }

  @Test
  void refusesOptionsOutOfRange() {
    refused("temperature", () -> new SamplingOptions(-1, 0, 1, 0, 1));
    refused("temperature", () -> new SamplingOptions(Double.NaN, 0, 1, 0, 1));
    refused("top-k", () -> new SamplingOptions(1, -1, 1, 0, 1));
    refused("top-p", () -> new SamplingOptions(1, 0, 0, 0, 1));
    refused("min-p", () -> new SamplingOptions(1, 0, 1, 1.1, 1));
    refused("repetition-penalty", () -> new SamplingOptions(1, 0, 1, 0, 0));
  }

  private static void refused(String key, Runnable construction) {
    assertThatThrownBy(construction::run)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key);
  }

  @Test
  void kthLargestIsThatOfTheSortedArray() {
    for (int trial = 0; trial < 200; trial++) {
      RandomKey key = RandomKey.of(trial);
      float[] values = new float[1 + key.below(0, 300)];
      for (int i = 0; i < values.length; i++) {
        float value = Float.intBitsToFloat((int) key.child("bits").bits(i));
        values[i] = Float.isNaN(value) || value == 0 ? 0 : value;
      }
      float[] sorted = values.clone();
      Arrays.sort(sorted);
      int k = 1 + key.below(1, values.length);
      assertThat(LargestLogits.kth(values, k)).isEqualTo(sorted[values.length - k]);
    }
  }
}
