package io.kanana.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.data.dedup.NearDuplicates;
import io.kanana.data.dedup.NearDuplicates.Preset;
import org.junit.jupiter.api.Test;

class MadeDocumentsTest {
  /** A copy has at most two words of 100 changed, so nearly all are found. */
  @Test
  void aFifthAreNearDuplicates() {
    NearDuplicates filter = NearDuplicates.Config.of(Preset.FINEWEB).create();
    MinHashBenchmark.Measured measured =
        MinHashBenchmark.run(filter, new MadeDocuments(1000), 2, 1);
    assertThat(measured.documents()).isEqualTo(1000);
    assertThat(measured.timedDocuments()).isEqualTo(1000);
    assertThat(measured.timedBytes()).isEqualTo(1000L * 700);
    assertThat(measured.dropped()).isBetween(195L, 200L);
    assertThat(measured.sketchBytes()).isEqualTo(1000L * 112);
    assertThat(measured.signatureSeconds()).hasSize(1).doesNotContain(0);
  }
}
