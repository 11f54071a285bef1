package io.kanana.data.dedup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kanana.data.dedup.MatchQuality.Level;
import io.kanana.data.dedup.NearDuplicates.Config;
import io.kanana.data.dedup.NearDuplicates.Preset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MatchQualityTest {
  private static final int PAIRS = 500;

  /** Five standard deviations of a binomial, and one pair. */
  @ParameterizedTest
  @EnumSource(Preset.class)
  void sharesFollowTheory(Preset preset) {
    MatchQuality quality = MatchQuality.measure(Config.of(preset), PAIRS, 200, 1);
    assertThat(quality.levels()).hasSize(20);
    for (Level level : quality.levels()) {
      double deviation = Math.sqrt(level.expected() * (1 - level.expected()) / PAIRS);
      assertThat(level.share())
          .as("%s", level)
          .isCloseTo(level.expected(), within(5 * deviation + 1.0 / PAIRS));
    }
    assertThat(quality.levels().getLast().jaccard()).isEqualTo(1);
    assertThat(quality.levels().getLast().share()).isEqualTo(1);
  }

  @Test
  void theoryIsThatOfThePreset() {
    assertThat(Preset.FINEWEB.shape().matching(0.8)).isCloseTo(0.924, within(0.0005));
    assertThat(Preset.FINEWEB.shape().matching(1)).isEqualTo(1);
  }

  @Test
  void precisionAndRecallWeighLevelsAlike() {
    MatchQuality quality =
        new MatchQuality(
            List.of(
                new Level(0.2, 100, 0, 0),
                new Level(0.6, 100, 50, 0.5),
                new Level(0.8, 10, 5, 0.5),
                new Level(1, 10, 10, 1)));
    assertThat(quality.recall(0.8)).isEqualTo(0.75);
    assertThat(quality.precision(0.8)).isEqualTo(0.75);
    assertThat(quality.recall(0.5)).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(quality.table()).contains("| 0.600 | 100 | 50 | 0.5000 | 0.5000 |");
  }
}
