package io.kanana.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedTestTest {
  /** Of a textbook's table of the binomial distribution: P(X <= 1) of 6 is 7/64. */
  @Test
  void mcNemarIsExact() {
    assertThat(PairedTest.mcNemar(5, 1)).isCloseTo(2 * 7 / 64.0, within(1e-12));
    assertThat(PairedTest.mcNemar(1, 5)).isCloseTo(2 * 7 / 64.0, within(1e-12));
    assertThat(PairedTest.mcNemar(0, 0)).isEqualTo(1);
    assertThat(PairedTest.mcNemar(3, 3)).isEqualTo(1);
    assertThat(PairedTest.mcNemar(10, 0)).isCloseTo(2 / 1024.0, within(1e-12));
    assertThat(PairedTest.mcNemar(4000, 3500)).isBetween(1e-12, 1e-6);
  }

  @Test
  void gainsLossesAndTheIntervalOfTheDifference() {
    double[] first = new double[200];
    double[] second = new double[200];
    Arrays.fill(second, 0, 60, 1); // 60 gained
    Arrays.fill(first, 180, 200, 1); // 20 lost
    PairedTest test = PairedTest.of(first, second);
    assertThat(test.gained()).isEqualTo(60);
    assertThat(test.lost()).isEqualTo(20);
    assertThat(test.second() - test.first()).isCloseTo(0.2, within(1e-12));
    // the error of the mean of 60 ones, 20 minus ones and 120 noughts is 0.0425
    assertThat(test.low()).isCloseTo(0.2 - 1.96 * 0.0425, within(0.01));
    assertThat(test.high()).isCloseTo(0.2 + 1.96 * 0.0425, within(0.01));
    assertThat(test.probability()).isLessThan(1e-4);
  }

  @Test
  void figuresThatAreNotZeroOrOneAreComparedByTheBootstrap() {
    Random random = new Random(3);
    double[] first = random.doubles(100).toArray();
    double[] second = Arrays.stream(first).map(x -> x + random.nextGaussian() * 0.1).toArray();
    assertThat(PairedTest.of(first, second).probability()).isGreaterThan(0.05);
    double[] better = Arrays.stream(first).map(x -> x + 0.2).toArray();
    assertThat(PairedTest.of(first, better).probability()).isZero();
    assertThat(PairedTest.of(first, first).probability()).isEqualTo(1);
  }
}
