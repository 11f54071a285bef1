package io.kanana.core.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void isThatOfASample() {
    Spread spread = Spread.of(List.of(4.0, 1.0, 2.0));
    assertThat(spread.median()).isEqualTo(2);
    assertThat(spread.min()).isEqualTo(1);
    assertThat(spread.max()).isEqualTo(4);
    assertThat(spread.deviation()).isEqualTo(Math.sqrt(7.0 / 3), within(1e-12));
    assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 8.0)).median()).isEqualTo(3);
    assertThat(Spread.of(List.of(4.0))).isEqualTo(new Spread(4, 4, 4, 0));
  }

  @Test
  void ofTwoGroupsIsTheRootOfTheMeanVariance() {
    Spread a = Spread.of(List.of(1.0, 3.0)); // variance 2
    Spread b = Spread.of(List.of(0.0, 4.0)); // variance 8
    assertThat(Spread.pooled(a, b)).isEqualTo(Math.sqrt(5), within(1e-12));
  }

  @Test
  void aVerdictNeedsEverySeedAndMoreThanTheSpread() {
    assertThat(Verdict.of(List.of(0.2, 0.3, 0.4), 0.25)).isEqualTo(Verdict.REPRODUCED);
    assertThat(Verdict.of(List.of(0.2, 0.3, 0.4), 0.3)).isEqualTo(Verdict.WITHIN_THE_SPREAD);
    assertThat(Verdict.of(List.of(-0.1, 0.3, 0.4), 0.25)).isEqualTo(Verdict.WITHIN_THE_SPREAD);
    assertThat(Verdict.of(List.of(0.0, 0.3, 0.4), 0.25)).isEqualTo(Verdict.WITHIN_THE_SPREAD);
    assertThat(Verdict.of(List.of(-0.2, -0.3, -0.4), 0.25)).isEqualTo(Verdict.NOT_REPRODUCED);
    assertThat(Verdict.of(List.of(-0.2, -0.3, -0.4), 0.3)).isEqualTo(Verdict.WITHIN_THE_SPREAD);
    assertThat(Verdict.of(List.of(5.0), 0)).isEqualTo(Verdict.UNDECIDED);
    assertThat(Verdict.NOT_REPRODUCED).hasToString("not reproduced");
  }
}
