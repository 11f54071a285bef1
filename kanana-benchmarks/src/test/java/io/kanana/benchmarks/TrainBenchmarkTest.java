package io.kanana.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kanana.benchmarks.BackendArguments.Operands;
import io.kanana.benchmarks.TrainBenchmark.Measured;
import io.kanana.benchmarks.TrainBenchmark.Plan;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.RopeConfig;
import io.kanana.core.model.RopeScaling;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.train.TokenBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainBenchmarkTest {
  private static final BenchmarkShape TINY =
      new BenchmarkShape(
          "tiny",
          new ModelConfig(
              2,
              24,
              4,
              2,
              8,
              40,
              50,
              12,
              1e-5,
              new RopeConfig(10_000, new RopeScaling.None()),
              true),
          3);

  private static Measured run(Operands operands) {
    return run(Lesson.Kind.NEXT_TOKEN, operands);
  }

  private static Measured run(Lesson.Kind lesson, Operands operands) {
    Plan plan = new Plan(TINY, lesson, operands, 1, 1, 2);
    try (TensorBackend backend = TensorBackends.open("cpu", 1)) {
      return TrainBenchmark.run(plan, backend);
    }
  }

  /**
   * So nothing is counted twice or forgotten: the formula is of a step, the kernels are the step.
   */
  @ParameterizedTest
  @EnumSource(Operands.class)
  void theKernelsOfAStepDoTheOperationsOfTheFormula(Operands operands) {
    Measured measured = run(operands);
    double kernels =
        measured.breakdown().stream().mapToDouble(KernelTimes.Row::flops).sum()
            / measured.breakdownSeconds().length;
    assertThat(kernels).isEqualTo(TINY.flopsPerStep());
    assertThat(measured.last().flops()).isEqualTo(TINY.flopsPerStep());
  }

  @Test
  void everyTimedStepIsMeasuredAndTakesNoTensorMemory() {
    Measured measured = run(Operands.F32);
    assertThat(measured.seconds()).hasSize(2).doesNotContain(0);
    assertThat(measured.heapBytes()).hasSize(2).doesNotContain(0);
    assertThat(measured.poolGrowth()).isZero();
    assertThat(measured.poolPeak()).isPositive();
    assertThat(measured.last().step()).isEqualTo(3);
    assertThat(measured.last().updated()).isTrue();
  }

  /** The first loss of a preference is log 2, where the policy is still the reference. */
  @Test
  void preferencesAreThoseOfAReferenceThatIsTheModelItself() {
    Plan plan = new Plan(TINY, Lesson.Kind.DPO, Operands.F32, 1, 0, 1);
    try (TensorBackend backend = TensorBackends.open("cpu", 1)) {
      Measured measured = TrainBenchmark.run(plan, backend);
      assertThat(measured.last().loss()).isCloseTo(Math.log(2), within(1e-5));
    }
  }

  @Test
  void whatIsSaidIsLearntInPackedRows() {
    Measured measured = run(Lesson.Kind.SFT, Operands.F32);
    TokenBatch batch = measured.batch();
    assertThat(batch.rows()).isBetween(1, TINY.batch());
    assertThat(batch.targetCount()).isPositive();
    assertThat(measured.documentTokens())
        .isGreaterThan(batch.targetCount())
        .isLessThanOrEqualTo(batch.tokens().length);
    assertThat(measured.last().loss()).isCloseTo(Math.log(50), within(0.5));
  }

  @Test
  void kernelsTakeNoLongerThanTheirSteps() {
    Measured measured = run(Operands.F32);
    double kernels = measured.breakdown().stream().mapToDouble(KernelTimes.Row::seconds).sum();
    double steps = measured.breakdownSeconds()[0] + measured.breakdownSeconds()[1];
    assertThat(kernels).isPositive().isLessThanOrEqualTo(steps);
  }

  @Test
  void stepsAreAtLeastOne() {
    assertThatThrownBy(() -> new Plan(TINY, Lesson.Kind.SFT, Operands.F32, 1, 0, 0))
        .isInstanceOf(ConfigException.class)
        .hasMessage("--steps: must be at least 1, got 0");
    assertThatThrownBy(() -> new Plan(TINY, Lesson.Kind.SFT, Operands.F32, 1, -1, 1))
        .isInstanceOf(ConfigException.class)
        .hasMessage("--warm-up: must be at least 0, got -1");
  }
}
