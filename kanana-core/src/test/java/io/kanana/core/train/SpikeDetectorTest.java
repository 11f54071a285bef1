package io.kanana.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.core.random.RandomKey;
import org.junit.jupiter.api.Test;

class SpikeDetectorTest {
  private static final SpikeDetector.Config CONFIG = new SpikeDetector.Config(6, 50, 10);

  private static SpikeDetector fed(int steps) {
    SpikeDetector detector = new SpikeDetector(CONFIG);
    for (int i = 0; i < steps; i++) {
      double noise = RandomKey.of(1).gaussian(i);
      assertThat(detector.check(3 + 0.1 * noise, 1 + 0.05 * noise)).as("step %s", i).isEmpty();
    }
    return detector;
  }

  @Test
  void refusesWhatIsNotFiniteFromTheFirstStep() {
    SpikeDetector detector = new SpikeDetector(CONFIG);
    assertThat(detector.check(Double.NaN, 1)).isEqualTo("loss is NaN");
    assertThat(detector.check(1, Double.POSITIVE_INFINITY)).isEqualTo("gradient norm is Infinity");
    assertThat(detector.state().losses()).isEmpty();
  }

  @Test
  void refusesSpikesUpwardsOnly() {
    SpikeDetector detector = fed(60);
    assertThat(detector.check(9, 1)).startsWith("loss 9").contains("limit");
    assertThat(detector.check(3, 9)).startsWith("gradient norm 9");
    assertThat(detector.check(0.1, 0.01)).isEmpty();
  }

  @Test
  void aSpikeCountsNoMoreThanItsLimitSoThatTheNextIsSeen() {
    SpikeDetector detector = fed(60);
    for (double spike : new double[] {1e9, 1e6, 1e3}) {
      assertThat(detector.check(spike, 1)).isNotEmpty();
    }
    assertThat(detector.state().losses()).allMatch(loss -> loss < 6);
  }

  /** Whatever becomes of the loss, gradient norms rise now and then and stay there. */
  @Test
  void aLevelThatStaysIsAcceptedAfterAFewSteps() {
    SpikeDetector detector = fed(60);
    int refused = 0;
    while (!detector.check(3, 1.5).isEmpty()) {
      refused++;
    }
    assertThat(refused).isBetween(1, 5);
    assertThat(detector.check(3, 1.5)).isEmpty();
  }

  @Test
  void aRunThatDivergedIsNotAccepted() {
    SpikeDetector detector = fed(60);
    for (int i = 0; i < 10; i++) {
      assertThat(detector.check(30, 1)).isNotEmpty();
    }
  }

  @Test
  void needsSomeStepsBeforeItRefusesFiniteValues() {
    assertThat(fed(9).check(1e9, 1)).isEmpty();
    assertThat(fed(10).check(1e9, 1)).isNotEmpty();
    SpikeDetector off = new SpikeDetector(new SpikeDetector.Config(0, 50, 2));
    for (double loss = 1; loss < 1e12; loss *= 10) {
      assertThat(off.check(loss, loss)).isEmpty();
    }
  }

  @Test
  void aRestoredDetectorDecidesAsTheOriginal() {
    SpikeDetector original = fed(60);
    SpikeDetector restored = new SpikeDetector(CONFIG);
    restored.restore(original.state());
    for (int i = 0; i < 200; i++) {
      double loss = 3 + 0.5 * RandomKey.of(2).gaussian(i);
      assertThat(restored.check(loss, 1)).isEqualTo(original.check(loss, 1));
    }
    assertThat(restored.state()).isEqualTo(original.state());
    assertThat(restored.state().losses()).hasSize(50);
  }

  @Test
  void refusesSettingsOutOfRange() {
    assertThatThrownBy(() -> new SpikeDetector.Config(-1, 50, 10))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("sigmas");
    assertThatThrownBy(() -> new SpikeDetector.Config(6, 5, 10))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("minimum");
  }
}
