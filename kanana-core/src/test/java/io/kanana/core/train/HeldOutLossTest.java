package io.kanana.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.train.SmallRun.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeldOutLossTest {
  private static final BatchSource FIVE = new WalkData(SmallRun.VOCABULARY, SmallRun.TIME, 5, 3);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 8})
  void theMicroBatchChangesRoundingAlone(int microBatch) {
    try (SmallRun run = new SmallRun(Settings.PLAIN, FIVE)) {
      HeldOutReport whole = new HeldOutLoss(FIVE, 5, 100).measure(run.model(), 7);
      HeldOutReport report = new HeldOutLoss(FIVE, microBatch, 100).measure(run.model(), 7);
      assertThat(report.loss()).isCloseTo(whole.loss(), offset(1e-5));
      assertThat(report.targets()).isEqualTo(5 * SmallRun.TIME);
      assertThat(report.step()).isEqualTo(7);
      // a byte a token in these data
      assertThat(report.bitsPerByte()).isCloseTo(report.loss() / Math.log(2), offset(1e-9));
    }
  }

  @Test
  void noMoreThanTheLimitIsMeasured() {
    try (SmallRun run = new SmallRun(Settings.PLAIN, FIVE)) {
      assertThat(new HeldOutLoss(FIVE, 2, 3).measure(run.model(), 0).targets())
          .isEqualTo(3 * SmallRun.TIME);
    }
  }

  @Test
  void dataWithoutTargetsAreRefused() {
    EditedData blank = new EditedData(FIVE, index -> EditedData.blank(FIVE.batch(index, 1)));
    try (SmallRun run = new SmallRun(Settings.PLAIN, FIVE)) {
      assertThatThrownBy(() -> new HeldOutLoss(blank, 2, 5).measure(run.model(), 0))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("0 targets");
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1, micro-batch", "1, 0, limit"})
  void settingsThatCannotWorkAreRefused(int microBatch, long limit, String key) {
    assertThatThrownBy(() -> new HeldOutLoss(FIVE, microBatch, limit))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key + ": must be");
  }
}
