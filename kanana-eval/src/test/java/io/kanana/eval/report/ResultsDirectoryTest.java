package io.kanana.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.DataException;
import io.kanana.eval.job.EvaluateJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsDirectoryTest {
  @TempDir Path output;

  @Test
  void aJobsMeasurementsAreItsFigures() throws IOException {
    Path results = Files.createDirectories(output.resolve("results"));
    Files.writeString(
        results.resolve("results.json"),
        """
        {"version": 1,
         "groups": {"kobest": {"figures": {"acc": {"value": 0.5, "error": 0.1}}, "tasks": ["a"]}},
         "tasks": {"a": {"samples": 4, "figures": {"acc": {"value": 0.25}, "em,strict": {"value": 1}}}}}
        """);
    assertThat(new EvaluateJob().measurements(output))
        .isEqualTo(Map.of("kobest.acc", 0.5, "a.acc", 0.25, "a.em,strict", 1.0));
    assertThatThrownBy(() -> new EvaluateJob().measurements(output.resolve("none")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("No such file");
  }
}
