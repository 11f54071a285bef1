package io.kanana.posttrain.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BestOfNTest {
  private static final double[] REWARDS = {0.3, 2, -1, 0.9, 0.1, 1.5};
  private static final double[] VALUES = {5, 1, 4, 2, 8, 3};

  /** The mean over all choices of n. */
  private static double slowly(int n) {
    List<Double> chosen = new ArrayList<>();
    for (int mask = 0; mask < 1 << REWARDS.length; mask++) {
      if (Integer.bitCount(mask) == n) {
        int best = -1;
        for (int i = 0; i < REWARDS.length; i++) {
          boolean in = (mask >> i & 1) == 1;
          best = in && (best < 0 || REWARDS[i] > REWARDS[best]) ? i : best;
        }
        chosen.add(VALUES[best]);
      }
    }
    return chosen.stream().mapToDouble(v -> v).average().orElseThrow();
  }

  @Test
  void theExpectedValueIsTheMeanOverAllChoices() {
    for (int n = 1; n <= REWARDS.length; n++) {
      assertThat(BestOfN.expected(REWARDS, VALUES, n)).isCloseTo(slowly(n), offset(1e-12));
    }
  }

  @Test
  void theDivergenceIsThatOfTheFormula() {
    assertThat(BestOfN.divergence(1)).isZero();
    assertThat(BestOfN.divergence(4)).isCloseTo(Math.log(4) - 0.75, offset(1e-12));
  }
}
