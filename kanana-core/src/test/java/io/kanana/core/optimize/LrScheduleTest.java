package io.kanana.core.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.error.ConfigException;
import io.kanana.core.optimize.WarmupStableDecay.Shape;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LrScheduleTest {
  private static final List<LrSchedule.Config> ALL =
      List.of(
          new WarmupCosine(Span.ofShare(0.1), 0.1),
          new WarmupLinear(Span.ofSteps(7), 0),
          new WarmupConstant(Span.ofSteps(0)),
          new MultiStep(Span.ofSteps(3), List.of(0.8, 0.9), List.of(0.316, 0.1)),
          wsd(Shape.LINEAR, OptionalDouble.empty()),
          wsd(Shape.EXPONENTIAL, OptionalDouble.of(0.2)));

  private static LrSchedule.Config wsd(Shape shape, OptionalDouble halfLife) {
    return new WarmupStableDecay(Span.ofShare(0.05), Span.ofShare(0.2), shape, 0.01, halfLife);
  }

  @Test
  void staysBetweenZeroAndOneAndOnlyFallsAfterTheWarmup() {
    for (LrSchedule.Config config : ALL) {
      for (long total : new long[] {30, 101, 1000}) {
        LrSchedule schedule = config.create(total);
        double[] factors =
            LongStream.rangeClosed(1, total + 5).mapToDouble(schedule::factor).toArray();
        assertThat(factors[0]).as("%s", config).isPositive();
        boolean falling = false;
        for (int i = 0; i < factors.length; i++) {
          assertThat(factors[i]).as("%s step %s", config, i + 1).isBetween(0.0, 1.0);
          if (i > 0) {
            falling |= factors[i] < factors[i - 1];
            assertThat(falling && factors[i] > factors[i - 1]).isFalse();
          }
        }
      }
    }
  }

  @Test
  void exponentialDecayHalvesEachHalfLife() {
    LrSchedule schedule =
        new WarmupStableDecay(
                Span.ofSteps(0), Span.ofSteps(100), Shape.EXPONENTIAL, 0, OptionalDouble.of(0.25))
            .create(1000);
    assertThat(schedule.factor(900)).isEqualTo(1);
    assertThat(schedule.factor(925)).isCloseTo(0.5, within(1e-12));
    assertThat(schedule.factor(1000)).isCloseTo(1.0 / 16, within(1e-12));
  }

  @Test
  void withoutADecayTheLastStepIsAtThePeak() {
    for (Span none : List.of(Span.ofSteps(0), Span.ofShare(0))) {
      LrSchedule schedule =
          new WarmupStableDecay(Span.ofSteps(10), none, Shape.LINEAR, 0.1, OptionalDouble.empty())
              .create(100);
      assertThat(schedule.factor(5)).isEqualTo(0.5);
      assertThat(schedule.factor(99)).isEqualTo(1);
      assertThat(schedule.factor(100)).isEqualTo(1);
      assertThat(schedule.factor(101)).isEqualTo(1);
    }
  }

  @Test
  void linearEndsAtItsFinalFactor() {
    LrSchedule schedule = new WarmupLinear(Span.ofSteps(10), 0.2).create(110);
    assertThat(schedule.factor(5)).isEqualTo(0.5);
    assertThat(schedule.factor(60)).isCloseTo(0.6, within(1e-12));
    assertThat(schedule.factor(110)).isCloseTo(0.2, within(1e-12));
    assertThat(schedule.factor(200)).isCloseTo(0.2, within(1e-12));
  }

  @Test
  void lengthsMustFitIntoTheRun() {
    assertThatThrownBy(() -> new WarmupConstant(Span.ofSteps(11)).create(10))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("warmup")
        .hasMessageContaining("11 steps");
    assertThatThrownBy(
            () ->
                new WarmupStableDecay(
                        Span.ofSteps(6), Span.ofSteps(5), Shape.SQRT, 0, OptionalDouble.empty())
                    .create(10))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("decay");
    assertThat(new WarmupCosine(Span.ofSteps(10), 0).create(10).factor(10)).isFinite();
  }

  @Test
  void refusesWhatBreaksTheRules() {
    refused("share", () -> Span.ofShare(1.5));
    refused("steps", () -> Span.ofSteps(-1));
    refused("final-factor", () -> new WarmupCosine(Span.ofSteps(1), Double.NaN));
    refused("milestones", () -> new MultiStep(Span.ofSteps(0), List.of(0.9, 0.8), List.of(1., 1.)));
    refused("factors", () -> new MultiStep(Span.ofSteps(0), List.of(0.8, 0.9), List.of(1.)));
    refused("half-life", () -> wsd(Shape.EXPONENTIAL, OptionalDouble.empty()));
    refused("half-life", () -> wsd(Shape.LINEAR, OptionalDouble.of(0.1)));
  }

  @Test
  void partsOfAScheduleAreTogetherTheWhole() {
    for (LrSchedule.Config whole : ALL) {
      LrSchedule all = whole.create(1000);
      LrSchedule first = new Part(whole, 0, 0.9).create(900);
      LrSchedule second = new Part(whole, 0.9, 1).create(100);
      for (long step = 1; step <= 1000; step++) {
        double factor = step <= 900 ? first.factor(step) : second.factor(step - 900);
        assertThat(factor).as("%s step %s", whole, step).isEqualTo(all.factor(step));
      }
      assertThat(new Part(whole, 0.9, 1).share()).isCloseTo(0.1, within(1e-12));
    }
    refused("from", () -> new Part(ALL.getFirst(), 0.9, 0.9));
  }

  private static void refused(String key, Runnable construction) {
    assertThatThrownBy(construction::run)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key);
  }

  @Test
  void lawOfSevenBillionParametersAsPublished() {
    double compute = DeepSeekLaw.flopsPerToken(30, 4096, 4096) * 2e12;
    assertThat(DeepSeekLaw.learningRate(compute)).isCloseTo(4.25e-4, within(0.05e-4));
    assertThat(DeepSeekLaw.batchTokens(compute)).isCloseTo(9.22e6, within(0.05e6));
    assertThatThrownBy(() -> DeepSeekLaw.learningRate(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
