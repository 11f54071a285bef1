package io.kanana.data.classify.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.error.ConfigException;
import io.kanana.core.statistics.Correlation;
import org.junit.jupiter.api.Test;

class RegressionReportTest {
  private static final ScoreScale SCALE = new ScoreScale(0, 5, 3);

  /** 3.4 and 2.6 are 3 once they are rounded, 7 is 5 and -2 is 0. */
  private static final double[] PREDICTED = {-2, 1, 2.6, 3.4, 7, 2.4};

  private static final double[] ACTUAL = {0, 1, 2, 3, 5, 4};

  @Test
  void scoresAreClampedAndRounded() {
    assertThat(SCALE.clamp(7)).isEqualTo(5);
    assertThat(SCALE.clamp(-0.1)).isZero();
    assertThat(SCALE.clamp(2.7)).isEqualTo(2.7);
    assertThat(SCALE.round(2.51)).isEqualTo(3);
    assertThat(SCALE.round(2.49)).isEqualTo(2);
    assertThat(SCALE.round(2.5)).isEqualTo(2);
    assertThat(SCALE.round(3.5)).isEqualTo(4);
    assertThat(SCALE.round(99)).isEqualTo(5);
    assertThat(new ScoreScale(-2, 2, 0).round(-7)).isEqualTo(-2);
  }

  @Test
  void thresholdsLieOnTheScale() {
    assertThatThrownBy(() -> new ScoreScale(0, 5, 0))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("at-least");
    assertThatThrownBy(() -> new ScoreScale(0, 5, 6)).isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> new ScoreScale(5, 5, 5))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("highest");
  }

  @Test
  void errorsAreThoseOfTheScoresAsTheyAre() {
    RegressionReport report = RegressionReport.of(PREDICTED, ACTUAL, 2, SCALE);
    assertThat(report.pearson()).isEqualTo(Correlation.pearson(PREDICTED, ACTUAL));
    assertThat(report.spearman()).isEqualTo(Correlation.spearman(PREDICTED, ACTUAL));
    double squares = 4 + 0 + 0.36 + 0.16 + 4 + 2.56;
    assertThat(report.squaredError()).isCloseTo(squares / 6, within(1e-12));
    assertThat(report.squaredErrorOfMean()).isCloseTo((4 + 1 + 0 + 1 + 9 + 4) / 6.0, within(1e-12));
  }

  /** Of 3, 5 and 4, two are found; 2 is taken for 3. */
  @Test
  void labelsAreThoseOfRoundedScores() {
    RegressionReport report = RegressionReport.of(PREDICTED, ACTUAL, 2, SCALE);
    assertThat(report.high().precision()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(report.high().recall()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(report.high().f1()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(report.labels().accuracy()).isCloseTo(4 / 6.0, within(1e-12));
    assertThat(report.json().get("f1").asDouble()).isEqualTo(report.high().f1());
  }

  @Test
  void whatIsAlwaysTheSameDoesNotCorrelate() {
    RegressionReport report =
        RegressionReport.of(new double[] {2, 2, 2}, new double[] {1, 2, 3}, 2, SCALE);
    assertThat(report.pearson()).isZero();
    assertThat(report.spearman()).isZero();
    assertThat(report.squaredError()).isEqualTo(report.squaredErrorOfMean());
  }

  @Test
  void theTableHasEveryFigure() {
    assertThat(RegressionReport.of(PREDICTED, ACTUAL, 2, SCALE).table())
        .anyMatch(line -> line.matches("mean squared error +1\\.8467"))
        .anyMatch(line -> line.matches(" {2}of always the mean +3\\.1667"))
        .anyMatch(line -> line.equals("rounded, at least 3"))
        .anyMatch(line -> line.matches(" {2}F1 +0\\.6667"));
  }
}
