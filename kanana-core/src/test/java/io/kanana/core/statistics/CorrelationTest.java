package io.kanana.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CorrelationTest {
  private static final double[] X = {1, 2, 2, 3, 10};
  private static final double[] Y = {1, 3, 2, 2, 4};

  /** Ranks are 1, 2.5, 2.5, 4, 5 and 1, 4, 2.5, 2.5, 5. */
  @Test
  void tiesShareTheMeanOfTheirRanks() {
    assertThat(Correlation.pearson(X, Y)).isCloseTo(13.8 / Math.sqrt(53.2 * 5.2), within(1e-12));
    assertThat(Correlation.spearman(X, Y)).isCloseTo(29 / 38.0, within(1e-12));
  }

  @Test
  void ranksAloneDecide() {
    double[] cubes = {1, 8, 27, 64};
    double[] down = {5, 4, 2, 1};
    assertThat(Correlation.spearman(cubes, new double[] {1, 2, 3, 4})).isEqualTo(1);
    assertThat(Correlation.spearman(cubes, down)).isEqualTo(-1);
    assertThat(Correlation.pearson(cubes, new double[] {1, 2, 3, 4})).isBetween(0.9, 0.99);
  }

  @Test
  void whatIsAlwaysTheSameDoesNotCorrelate() {
    assertThat(Correlation.pearson(new double[] {2, 2}, new double[] {1, 3})).isZero();
    assertThat(Correlation.spearman(new double[0], new double[0])).isZero();
  }

  @Test
  void valuesComeInPairs() {
    assertThatThrownBy(() -> Correlation.pearson(X, new double[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("5 values beside 2");
  }
}
