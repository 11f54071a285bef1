package io.kanana.data.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.random.RandomKey;
import io.kanana.data.batch.Interleaving.Turn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterleavingTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyComponentGetsItsShareAllAlong(long seed) {
    RandomKey key = RandomKey.of(seed);
    int components = 1 + key.below(0, 5);
    double[] weights = new double[components];
    for (int i = 0; i < components; i++) {
      weights[i] = key.uniform(10 + i) + (i == 0 ? 0.01 : 0);
    }
    int total = 500 + key.below(1, 500);
    long[] quotas = Interleaving.quotas(weights, total);
    Interleaving interleaving = new Interleaving(quotas);
    long[] counts = new long[components];
    for (int n = 0; n < total; n++) {
      Turn turn = interleaving.turn(n);
      assertThat(turn.index()).isEqualTo(counts[turn.component()]++);
      for (int i = 0; i < components; i++) {
        assertThat((double) counts[i])
            .isBetween(
                (double) (n + 1) * quotas[i] / total - i - 1,
                (double) (n + 1) * quotas[i] / total + i + 1);
      }
    }
    assertThat(counts).isEqualTo(quotas);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatAComponentHasTakenIsCountedWithoutCounting(long seed) {
    RandomKey key = RandomKey.of(seed);
    long[] quotas = new long[1 + key.below(0, 5)];
    for (int i = 0; i < quotas.length; i++) {
      quotas[i] = key.below(1 + i, 40) + (i == 0 ? 1L : 0L);
    }
    Interleaving interleaving = new Interleaving(quotas);
    long[] counts = new long[quotas.length];
    for (int n = 0; n < 3 * interleaving.total(); n++) {
      for (int i = 0; i < counts.length; i++) {
        assertThat(interleaving.taken(i, n)).isEqualTo(counts[i]);
      }
      Turn turn = interleaving.turn(n);
      assertThat(turn.index()).isEqualTo(counts[turn.component()]++);
    }
  }

  @Test
  void sharesLikeWholeNumbersAreDealtExactlyInEveryEpoch() {
    double[] shares = {3, 0, 5, 17};
    Interleaving interleaving = Interleaving.of(shares, 25);
    for (int epoch = 1; epoch < 50; epoch++) {
      for (int i = 0; i < shares.length; i++) {
        assertThat(interleaving.taken(i, 25L * epoch)).isEqualTo((long) (shares[i] * epoch));
      }
    }
  }

  @Test
  void smallSharesOfFewSequencesAreKept() {
    Interleaving interleaving = Interleaving.of(new double[] {0.999, 0.001}, 10);
    assertThat(interleaving.taken(1, 1_000_000)).isBetween(999L, 1001L);
  }

  @Test
  void quotasAddUpAndKeepWholeNumbers() {
    assertThat(Interleaving.quotas(new double[] {7, 0, 13, 80}, 100)).containsExactly(7, 0, 13, 80);
    assertThat(Interleaving.quotas(new double[] {1, 1, 1}, 100)).containsExactly(34, 33, 33);
  }
}
