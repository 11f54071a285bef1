package io.kanana.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsWriterTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("metrics.jsonl");
  }

  static StepReport report(long step, double loss, String skipped) {
    return new StepReport(
        step, step * 100, loss, Map.of("cross-entropy", loss), 1.5, 3e-4, skipped, 2e9, 0.5);
  }

  private void run(long lastStep, long from, long to) {
    try (MetricsWriter writer = MetricsWriter.open(file, lastStep)) {
      for (long step = from; step <= to; step++) {
        writer.stepped(report(step, 1.0 / step, ""));
        if (step % 3 == 0) {
          writer.evaluated(new HeldOutReport(step, 2, 0.7, 10, 40));
        }
      }
    }
  }

  @Test
  void anInterruptedRunHasTheFileOfAnUndisturbedOne() throws IOException {
    run(0, 1, 10);
    byte[] undisturbed = Files.readAllBytes(file);
    run(0, 1, 8);
    Files.writeString(file, "{\"event\":\"step\",\"st", StandardOpenOption.APPEND);
    run(6, 7, 10);
    assertThat(Files.readAllBytes(file)).isEqualTo(undisturbed);
    run(0, 1, 10);
    assertThat(Files.readAllBytes(file)).isEqualTo(undisturbed);
  }

  @Test
  void everyCutOffEndIsRecovered() throws IOException {
    run(0, 1, 3);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += 7) {
      Files.write(file, Arrays.copyOf(whole, length));
      long lines = Files.readString(file).chars().filter(c -> c == '\n').count();
      MetricsWriter.open(file, 3).close();
      assertThat(Files.readAllLines(file)).hasSize((int) lines);
    }
  }

  @Test
  void aHeldOutLineHasEveryDomain() throws IOException {
    HeldOutReport code = new HeldOutReport(3, 1, 0.5, 4, 20);
    try (MetricsWriter writer = MetricsWriter.open(file, 0)) {
      writer.evaluated(new HeldOutReport(3, 2, 0.7, 10, 40, Map.of("code", code)));
      writer.evaluated(new HeldOutReport(3, 2, 0.7, 10, 40));
    }
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "{\"event\":\"held-out\",\"step\":3,\"loss\":2.0,\"bits-per-byte\":0.7,\"targets\":10,\"text-bytes\":40,"
                + "\"domains\":{\"code\":{\"loss\":1.0,\"bits-per-byte\":0.5,\"targets\":4,\"text-bytes\":20}}}",
            "{\"event\":\"held-out\",\"step\":3,\"loss\":2.0,\"bits-per-byte\":0.7,\"targets\":10,\"text-bytes\":40}");
  }

  @Test
  void linesAreJsonEvenWhereNumbersAreNot() throws IOException {
    try (MetricsWriter writer = MetricsWriter.open(file, 0)) {
      writer.stepped(report(1, Double.NaN, "loss is NaN"));
      JsonNode line = new ObjectMapper().readTree(Files.readString(file));
      assertThat(line.get("event").asText()).isEqualTo("step");
      assertThat(line.get("step").asLong()).isEqualTo(1);
      assertThat(line.get("tokens").asLong()).isEqualTo(100);
      assertThat(line.get("loss").asText()).isEqualTo("NaN");
      assertThat(line.get("cross-entropy").asText()).isEqualTo("NaN");
      assertThat(line.get("learning-rate").asDouble()).isEqualTo(3e-4);
      assertThat(line.get("skipped").asText()).isEqualTo("loss is NaN");
    }
  }

  @Test
  void refusesAFileOfAnotherKindAndLeavesItAlone() throws IOException {
    for (String line : new String[] {"not json", "{\"epoch\": 1}"}) {
      Files.writeString(file, "{\"step\": 1}\n" + line + "\n");
      assertThatThrownBy(() -> MetricsWriter.open(file, 5))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("metrics.jsonl, line 2");
      assertThat(Files.readAllLines(file)).hasSize(2);
    }
  }

  @Test
  void aFileThatCannotBeWrittenIsRefusedByName() throws IOException {
    Files.createDirectory(file);
    assertThatThrownBy(() -> MetricsWriter.open(file, 0))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("metrics.jsonl: cannot be written");
  }
}
