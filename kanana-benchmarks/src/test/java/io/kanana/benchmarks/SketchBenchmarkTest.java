package io.kanana.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.data.dedup.NearDuplicates.Preset;
import org.junit.jupiter.api.Test;

class SketchBenchmarkTest {
  @Test
  void sketchesAWholeDocument() {
    SketchBenchmark benchmark = new SketchBenchmark();
    benchmark.preset = Preset.FINEWEB_2;
    benchmark.koreanShare = 1;
    benchmark.open();
    assertThat(benchmark.sketch()).hasSize(14 * Long.BYTES);
  }
}
