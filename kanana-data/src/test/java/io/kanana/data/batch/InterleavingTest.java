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

  @Test
  void quotasAddUpAndKeepWholeNumbers() {
    assertThat(Interleaving.quotas(new double[] {7, 0, 13, 80}, 100)).containsExactly(7, 0, 13, 80);
    assertThat(Interleaving.quotas(new double[] {1, 1, 1}, 100)).containsExactly(34, 33, 33);
  }
}
