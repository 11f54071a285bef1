package io.kanana.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.model.Precision;
import org.junit.jupiter.api.Test;

class MachinePeakTest {
  private static MachinePeak peak(double f32, double products) {
    return new MachinePeak(2, f32, products, 1, 1);
  }

  @Test
  void bf16InstructionsDoAtLeastTwiceTheOperationsWhereTheyExist() {
    assertThat(peak(500, 870).bf16()).isEqualTo(1_000);
    assertThat(peak(500, 4_000).bf16()).isEqualTo(4_000);
    assertThat(peak(500, 450).bf16()).isEqualTo(500);
  }

  @Test
  void theShareIsOfThePrecisionsPeak() {
    assertThat(peak(500, 870).flops(Precision.F32)).isEqualTo(500);
    assertThat(peak(500, 870).flops(Precision.BF16_MIXED)).isEqualTo(1_000);
  }

  @Test
  void theBestOfTwoIsTakenQuantityByQuantity() {
    MachinePeak best =
        MachinePeak.best(new MachinePeak(2, 1, 6, 3, 8), new MachinePeak(2, 5, 2, 7, 4));
    assertThat(best).isEqualTo(new MachinePeak(2, 5, 6, 7, 8));
  }

  @Test
  void aProcessOfItsOwnMeasures() {
    MachinePeak measured = PeakProcess.measure(1);
    assertThat(measured.threads()).isEqualTo(1);
    assertThat(measured.f32()).isGreaterThan(1e8);
    assertThat(measured.bf16Products()).isGreaterThan(1e7);
    assertThat(measured.read()).isGreaterThan(1e8);
    assertThat(measured.triad()).isGreaterThan(1e8);
  }

  @Test
  void workIsSharedByTheThreads() {
    boolean[] ran = new boolean[3];
    double seconds = Lockstep.bestSeconds(3, 2, thread -> ran[thread] = true);
    assertThat(ran).containsOnly(true);
    assertThat(seconds).isPositive();
  }
}
