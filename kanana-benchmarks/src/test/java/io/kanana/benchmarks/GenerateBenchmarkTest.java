package io.kanana.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.benchmarks.BackendArguments.Operands;
import io.kanana.benchmarks.GenerateBenchmark.Measured;
import io.kanana.benchmarks.GenerateBenchmark.Plan;
import io.kanana.benchmarks.GenerateBenchmark.Timed;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.RopeConfig;
import io.kanana.core.model.RopeScaling;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackends;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GenerateBenchmarkTest {
  private static final Plan PLAN = new Plan(7, 5, 3, 2);

  private static ModelConfig model(boolean tied) {
    RopeConfig rope = new RopeConfig(10_000, new RopeScaling.None());
    return new ModelConfig(2, 24, 4, 2, 8, 40, 50, 12, 1e-5, rope, tied);
  }

  private static Measured run(Operands operands, boolean tied) {
    try (TimedBackend backend = new TimedBackend(TensorBackends.open("cpu", 1), System::nanoTime);
        Llama model = Llama.frozen(model(tied), operands.precision(), backend)) {
      model.initialise(RandomKey.of(1), 0.02);
      return GenerateBenchmark.run(PLAN, model, backend);
    }
  }

  private static double flops(Timed timed) {
    return timed.rows().stream().mapToDouble(KernelTimes.Row::flops).sum();
  }

  @ParameterizedTest
  @EnumSource(Operands.class)
  void theKernelsOfAPromptDoTheOperationsOfTheFormula(Operands operands) {
    Measured measured = run(operands, true);
    assertThat(flops(measured.prompt()))
        .isEqualTo(GenerateBenchmark.promptFlops(PLAN, measured.model()));
  }

  /** 4 steps of 3 sequences, which find 7, 8, 9 and 10 positions in the cache and add one. */
  @Test
  void theKernelsOfTheStepsDoTheOperationsOfTheirTokens() {
    Measured measured = run(Operands.F32, true);
    double matrices = 2.0 * measured.model().matrixParameterCount() * 4 * 3;
    double attention = 4.0 * 2 * 4 * 8 * 3 * (8 + 9 + 10 + 11);
    assertThat(flops(measured.steps())).isEqualTo(matrices + attention);
  }

  /** Matrices (and norms) in the precision, keys and values of 2 layers in F32. */
  @ParameterizedTest
  @CsvSource({"F32, true, 4", "F32, false, 4", "BF16, true, 2", "BF16, false, 2"})
  void aStepReadsEveryWeightAndTheCache(Operands operands, boolean tied, int bytes) {
    Measured measured = run(operands, tied);
    double weights = measured.model().matrixParameterCount() * bytes + 4.0 * (2 * 2 + 1) * 24;
    assertThat(measured.weightBytes()).isEqualTo(weights);
    double positions = 3 * (8 + 9 + 10 + 11) / 4.0;
    assertThat(GenerateBenchmark.bytesPerStep(PLAN, measured))
        .isEqualTo(weights + positions * 2 * 2 * 2 * 8 * 4);
  }

  @Test
  void everyRunAndStepIsTimed() {
    Measured measured = run(Operands.F32, true);
    assertThat(measured.promptSeconds()).hasSize(2).doesNotContain(0);
    assertThat(measured.stepSeconds()).hasSize(8).doesNotContain(0);
    assertThat(measured.heapBytesPerStep()).isPositive();
  }

  @Test
  void plansNameTheOptionAndTheRule() {
    assertThatThrownBy(() -> new Plan(8, 1, 1, 1))
        .isInstanceOf(ConfigException.class)
        .hasMessage("--tokens: must be at least 2 (the first one comes with the prompt), got 1");
    assertThatThrownBy(() -> new Plan(0, 2, 1, 1))
        .isInstanceOf(ConfigException.class)
        .hasMessage("--prompt: must be at least 1, got 0");
  }
}
