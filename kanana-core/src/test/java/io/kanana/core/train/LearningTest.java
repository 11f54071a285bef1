package io.kanana.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.assertj.core.data.Percentage.withPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kanana.core.model.Precision;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.train.SmallRun.Settings;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a training step is for: it learns, and what must not change its losses does not. */
class LearningTest {
  @ParameterizedTest
  @EnumSource(Precision.class)
  void memorisesOneBatch(Precision precision) {
    WalkData oneBatch = new WalkData(SmallRun.VOCABULARY, SmallRun.TIME, SmallRun.ROWS, 3);
    try (SmallRun run = new SmallRun(Settings.PLAIN.with(precision), oneBatch)) {
      double[] losses = run.losses(150);
      assertThat(losses[0]).isCloseTo(Math.log(SmallRun.VOCABULARY), offset(0.2));
      assertThat(losses[149]).isLessThan(0.05);
    }
  }

  @Test
  void bf16LearnsAsF32Does() {
    double[] f32 = losses(Settings.PLAIN, 100);
    double[] bf16 = losses(Settings.PLAIN.with(Precision.BF16_MIXED), 100);
    assertThat(meanOfLast(10, f32)).isLessThan(0.6 * f32[0]);
    assertThat(meanOfLast(10, bf16)).isCloseTo(meanOfLast(10, f32), withPercentage(3));
    assertThat(bf16).isNotEqualTo(f32);
  }

  private static double meanOfLast(int count, double[] values) {
    return Arrays.stream(values).skip(values.length - count).average().orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void recomputingChangesNothing(Precision precision) {
    Settings settings = Settings.PLAIN.with(precision);
    assertThat(losses(settings.recomputing(), 10)).isEqualTo(losses(settings, 10));
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void theNumberOfThreadsChangesNoBit(Precision precision) {
    Settings settings = Settings.PLAIN.with(precision);
    List<float[]> alone = memoryAfter(settings.withThreads(1), 5);
    for (int threads : new int[] {2, 3}) {
      List<float[]> together = memoryAfter(settings.withThreads(threads), 5);
      for (int i = 0; i < alone.size(); i++) {
        assertThat(together.get(i)).as(threads + " threads, tensor " + i).isEqualTo(alone.get(i));
      }
    }
  }

  private static List<float[]> memoryAfter(Settings settings, int steps) {
    try (SmallRun run = new SmallRun(settings, SmallRun.walk())) {
      run.losses(steps);
      return run.memory();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theMicroBatchChangesRoundingAlone(int rows) {
    assertThat(losses(Settings.PLAIN.withMicroBatch(rows), 10))
        .containsExactly(losses(Settings.PLAIN, 10), offset(1e-5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "nd4j"})
  void everyBackEndHasTheLossesOfCpu(String backend) {
    assumeTrue(
        TensorBackends.providers().stream()
            .anyMatch(p -> p.name().equals(backend) && p.obstacle().isEmpty()),
        () -> "there is no back end " + backend + " here");
    assertThat(losses(Settings.PLAIN.on(backend), 5))
        .containsExactly(losses(Settings.PLAIN, 5), offset(1e-3));
  }

  private static double[] losses(Settings settings, int steps) {
    try (SmallRun run = new SmallRun(settings, SmallRun.walk())) {
      return run.losses(steps);
    }
  }
}
