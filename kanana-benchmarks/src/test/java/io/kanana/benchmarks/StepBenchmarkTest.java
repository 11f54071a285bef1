package io.kanana.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.data.filter.Verdict;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Param;

class StepBenchmarkTest {
  private static Stream<String> everyStep() throws NoSuchFieldException {
    return Arrays.stream(StepBenchmark.class.getField("step").getAnnotation(Param.class).value());
  }

  /** A step that cannot be made would only fail in the harness. */
  @ParameterizedTest
  @MethodSource("everyStep")
  void judgesWholeDocuments(String step) {
    StepBenchmark benchmark = new StepBenchmark();
    benchmark.step = step;
    benchmark.koreanShare = step.startsWith("korean") ? 1 : 0;
    benchmark.open();
    assertThat(benchmark.judge()).isInstanceOf(Verdict.class);
  }
}
