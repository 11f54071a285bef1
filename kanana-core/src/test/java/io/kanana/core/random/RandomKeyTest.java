package io.kanana.core.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomKeyTest {
  private static final int DRAWS = 200_000;

  /** First outputs of SplitMix64 from state 1234567, as its published test vector lists them. */
  @Test
  void bitsAreThoseOfSplitMix64() {
    RandomKey key = new RandomKey(1234567);
    assertThat(Long.toUnsignedString(key.bits(0))).isEqualTo("6457827717110365317");
    assertThat(Long.toUnsignedString(key.bits(1))).isEqualTo("3203168211198807973");
    assertThat(Long.toUnsignedString(key.bits(2))).isEqualTo("9817491932198370423");
    assertThat(Long.toUnsignedString(key.bits(3))).isEqualTo("4593380528125082431");
    assertThat(Long.toUnsignedString(key.bits(4))).isEqualTo("16408922859458223821");
    SplittableRandom java = new SplittableRandom(99);
    RandomKey same = new RandomKey(99);
    for (int i = 0; i < 1000; i++) {
      assertThat(same.bits(i)).isEqualTo(java.nextLong());
    }
  }

  @Test
  void uniformNumbersFillTheUnitIntervalEvenly() {
    RandomKey key = RandomKey.of(1);
    int[] bins = new int[100];
    for (int i = 0; i < DRAWS; i++) {
      bins[(int) (key.uniform(i) * bins.length)]++;
    }
    double expected = DRAWS / (double) bins.length;
    double chiSquare =
        IntStream.of(bins).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
    assertThat(chiSquare).isBetween(50.0, 160.0); // 99 degrees of freedom: 99 +- 14
  }

  @Test
  void gaussianNumbersHaveTheirMoments() {
    RandomKey key = RandomKey.of(2);
    double[] moments = new double[5];
    for (int i = 0; i < DRAWS; i++) {
      double x = key.gaussian(i);
      for (int k = 1; k <= 4; k++) {
        moments[k] += Math.pow(x, k) / DRAWS;
      }
    }
    assertThat(moments[1]).isCloseTo(0, within(0.012));
    assertThat(moments[2]).isCloseTo(1, within(0.016));
    assertThat(moments[3]).isCloseTo(0, within(0.05));
    assertThat(moments[4]).isCloseTo(3, within(0.12));
  }

  @Test
  void childrenDoNotFollowOneAnother() {
    RandomKey key = RandomKey.of(3);
    Set<Long> values = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      values.add(key.child(i).value());
      values.add(key.child("layer " + i).value());
      values.add(RandomKey.of(i).value());
    }
    assertThat(values).hasSize(3000);
    double product = 0;
    for (int i = 0; i < DRAWS; i++) {
      product += key.child(i).gaussian(0) * key.child(i + 1).gaussian(0) / DRAWS;
    }
    assertThat(product).isCloseTo(0, within(0.012));
    assertThat(key.child("a")).isEqualTo(key.child("a")).isNotEqualTo(key.child("b"));
  }

  @Test
  void belowReachesEveryNumberAndNoOther() {
    RandomKey key = RandomKey.of(4);
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[key.below(i, 7)]++;
    }
    assertThat(IntStream.of(counts)).allMatch(n -> n > 9_600 && n < 10_400);
    assertThat(key.below(0, 1)).isZero();
    assertThatThrownBy(() -> key.below(0, 0)).hasMessageContaining("0");
  }

  /** The last mean lies between two numbers, so that nearly every draw leaves a doubt. */
  @ParameterizedTest
  @CsvSource({"0, 0.02", "2, 0.5", "-0.001, 0.0001", "3, 0", "16777217, 1.0e-7"})
  void fillsAreTheSameNumbers(double mean, double deviation) {
    RandomKey key = RandomKey.of(5);
    float[] values = new float[1_000_000];
    key.fillGaussian(values, mean, deviation);
    for (int i = 0; i < values.length; i++) {
      float exact = (float) (mean + deviation * key.gaussian(i));
      if (Float.floatToRawIntBits(values[i]) != Float.floatToRawIntBits(exact)) {
        fail("number %d is %s, not %s", i, values[i], exact);
      }
    }
  }
}
