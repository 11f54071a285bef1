package io.kanana.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.data.Offset.offset;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.train.SmallRun.Settings;
import java.util.List;
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
  void everyDomainIsMeasuredAndTheTotalIsOfTheirShares() {
    BatchSource other = new WalkData(SmallRun.VOCABULARY, SmallRun.TIME, 9, 4);
    try (SmallRun run = new SmallRun(Settings.PLAIN, FIVE)) {
      HeldOutReport five = new HeldOutLoss(FIVE, 2, 4).measure(run.model(), 3);
      HeldOutReport nine = new HeldOutLoss(other, 2, 4).measure(run.model(), 3);
      HeldOutReport all =
          new HeldOutLoss(
                  List.of(
                      new HeldOutLoss.Domain("five", 3, FIVE),
                      new HeldOutLoss.Domain("nine", 1, other)),
                  2,
                  9)
              .measure(run.model(), 3);
      assertThat(all.domains()).containsExactly(entry("five", five), entry("nine", nine));
      assertThat(all.loss())
          .isCloseTo(0.75 * five.loss() + 0.25 * nine.loss(), offset(1e-12))
          .isNotCloseTo(five.loss(), offset(1e-6));
      // a byte a token in these data
      assertThat(all.bitsPerByte()).isCloseTo(all.loss() / Math.log(2), offset(1e-9));
      assertThat(all.targets()).isEqualTo(8 * SmallRun.TIME);
      assertThat(five.domains()).isEmpty();
    }
  }

  @Test
  void aDomainWithoutAShareIsMeasuredAndDoesNotCount() {
    BatchSource other = new WalkData(SmallRun.VOCABULARY, SmallRun.TIME, 9, 4);
    try (SmallRun run = new SmallRun(Settings.PLAIN, FIVE)) {
      HeldOutReport all =
          new HeldOutLoss(
                  List.of(
                      new HeldOutLoss.Domain("five", 0, FIVE),
                      new HeldOutLoss.Domain("nine", 1, other)),
                  2,
                  8)
              .measure(run.model(), 3);
      assertThat(all.loss()).isEqualTo(all.domains().get("nine").loss());
    }
    assertThatThrownBy(
            () -> new HeldOutLoss(List.of(new HeldOutLoss.Domain("five", 0, FIVE)), 2, 8))
        .hasMessage("domains: must have one with a share above 0");
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
