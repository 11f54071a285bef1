package io.kanana.posttrain.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.kanana.core.random.RandomKey;
import org.junit.jupiter.api.Test;

class RewardQualityTest {
  @Test
  void countsAndMeansByHand() {
    double[] chosen = {2, 0, 1, 0};
    double[] rejected = {0, 1, 1, -Math.log(3)};
    RewardQuality quality = RewardQuality.of(chosen, rejected);
    assertThat(quality.accuracy()).isEqualTo(2.5 / 4); // a tie is half right
    assertThat(quality.margin()).isCloseTo((2 - 1 + 0 + Math.log(3)) / 4, offset(1e-12));
    double loss = Math.log1p(Math.exp(-2)) + Math.log1p(Math.E) + Math.log(2) + Math.log1p(1.0 / 3);
    assertThat(quality.loss()).isCloseTo(loss / 4, offset(1e-12));
    // sure of 0.881, 0.731, 0.5 and 0.75, each alone in its bin but the second and the last
    double second = 1 / (1 + Math.exp(-1));
    assertThat(quality.bins().get(7).sure()).isCloseTo(1 / (1 + Math.exp(-2)), offset(1e-12));
    assertThat(quality.bins().get(0).right()).isEqualTo(0.5);
    assertThat(quality.bins().stream().mapToInt(RewardQuality.Bin::pairs).sum()).isEqualTo(4);
    double error =
        (1 - 1 / (1 + Math.exp(-2)))
            + (quality.bins().get(4).pairs() == 1 ? second + 0.25 : Double.NaN);
    assertThat(quality.calibrationError()).isCloseTo(error / 4, offset(1e-9));
  }

  /** Labels that are drawn with the probabilities that the rewards state. */
  @Test
  void aModelThatKnowsHowSureItIsHasNoError() {
    int pairs = 200_000;
    double[] chosen = new double[pairs];
    double[] rejected = new double[pairs];
    RandomKey key = RandomKey.of(4);
    for (int i = 0; i < pairs; i++) {
      double difference = 2 * key.gaussian(i);
      boolean agrees = key.child("label").uniform(i) < 1 / (1 + Math.exp(-difference));
      chosen[i] = agrees ? difference : 0;
      rejected[i] = agrees ? 0 : difference;
    }
    assertThat(RewardQuality.of(chosen, rejected).calibrationError()).isLessThan(0.005);
    for (int i = 0; i < pairs; i++) {
      chosen[i] *= 4;
      rejected[i] *= 4;
    }
    assertThat(RewardQuality.of(chosen, rejected).calibrationError()).isGreaterThan(0.1);
  }
}
