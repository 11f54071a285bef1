package io.kanana.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsReaderTest {
  @TempDir Path directory;

  @Test
  void readsTheLastMeasurementThatWasWritten() {
    Path file = directory.resolve("metrics.jsonl");
    try (MetricsWriter writer = MetricsWriter.open(file, 0)) {
      writer.evaluated(new HeldOutReport(5, 3.5, 1.25, 100, 400));
      writer.evaluated(new HeldOutReport(10, Double.NaN, 1.125, 100, 400));
    }
    assertThat(MetricsReader.last(file, "held-out"))
        .containsEntry("held-out.bits-per-byte", 1.125)
        .containsEntry("held-out.loss", Double.NaN)
        .containsEntry("held-out.step", 10.0)
        .doesNotContainKey("held-out.event");
    assertThat(MetricsReader.last(file, "step")).isEmpty();
  }

  @Test
  void namesWhatStandsInSections() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("metrics.jsonl"), "{\"event\": \"e\", \"a\": {\"b\": {\"c\": 2}}}\n");
    assertThat(MetricsReader.last(file, "e")).containsOnlyKeys("e.a.b.c");
  }

  @Test
  void refusesWhatIsNoMetricsFile() throws IOException {
    Path file = Files.writeString(directory.resolve("metrics.jsonl"), "{\"event\": \n");
    assertThatThrownBy(() -> MetricsReader.last(file, "held-out"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("is no metrics file");
    assertThatThrownBy(() -> MetricsReader.last(directory.resolve("none"), "held-out"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("there is no such file");
  }
}
