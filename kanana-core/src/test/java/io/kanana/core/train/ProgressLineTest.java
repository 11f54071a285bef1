package io.kanana.core.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final List<String> lines = new ArrayList<>();

  private ProgressLine progress(int columns, OptionalDouble peak, long memory) {
    return new ProgressLine(1000, 0, peak, columns, () -> memory, lines::add);
  }

  @Test
  void saysWhereTheRunStands() {
    progress(120, OptionalDouble.of(8e9), 3L << 29).stepped(MetricsWriterTest.report(1, 2.5, ""));
    assertThat(lines)
        .containsExactly(
            "step 1/1000  loss 2.5000  200 tokens/s  4.00 GFLOP/s (50 %)  1.5 GiB  8m20s left");
  }

  @Test
  void leavesOutWhatMattersLeastOnANarrowTerminal() {
    for (int columns = 1; columns < 120; columns++) {
      progress(columns, OptionalDouble.empty(), 1 << 20)
          .stepped(MetricsWriterTest.report(1, 2.5, ""));
      assertThat(lines.getLast().length()).isLessThanOrEqualTo(columns);
    }
    assertThat(lines.get(29)).isEqualTo("step 1/1000  loss 2.5000");
    assertThat(lines.get(39)).isEqualTo("step 1/1000  loss 2.5000  8m20s left");
    assertThat(lines.getLast()).endsWith("200 tokens/s  4.00 GFLOP/s  1 MiB  8m20s left");
  }

  @Test
  void saysThatAStepWasSkippedAndCountsTokensFromWhereItResumed() {
    ProgressLine line = new ProgressLine(10, 300, OptionalDouble.empty(), 120, () -> 0, lines::add);
    line.stepped(MetricsWriterTest.report(4, Double.NaN, "loss is NaN"));
    assertThat(lines)
        .containsExactly("step 4/10  loss NaN  skipped  200 tokens/s  4.00 GFLOP/s  3s left");
  }

  @Test
  void numbersHaveThreeDigitsAndTimesTwoUnits() {
    assertThat(ProgressLine.scaled(0, "x")).isEqualTo("0.00 x");
    assertThat(ProgressLine.scaled(9.994, "x")).isEqualTo("9.99 x");
    assertThat(ProgressLine.scaled(9.996, "x")).isEqualTo("10.0 x");
    assertThat(ProgressLine.scaled(999.4, "x")).isEqualTo("999 x");
    assertThat(ProgressLine.scaled(999.6, "x")).isEqualTo("1.00 kx");
    assertThat(ProgressLine.scaled(1.234e12, "x")).isEqualTo("1.23 Tx");
    assertThat(ProgressLine.time(59.4)).isEqualTo("59s");
    assertThat(ProgressLine.time(59.6)).isEqualTo("1m00s");
    assertThat(ProgressLine.time(7620)).isEqualTo("2h07m");
    assertThat(ProgressLine.time(356_400)).isEqualTo("4d03h");
  }

  @Test
  void columnsAreThoseOfTheEnvironment() {
    assertThat(ProgressLine.columns("132")).isEqualTo(132);
    assertThat(ProgressLine.columns(null)).isEqualTo(80);
    assertThat(ProgressLine.columns("wide")).isEqualTo(80);
    assertThat(ProgressLine.columns("0")).isEqualTo(80);
  }
}
