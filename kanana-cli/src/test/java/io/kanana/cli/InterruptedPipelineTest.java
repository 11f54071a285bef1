package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline behaves as one job: Ctrl-C, exit statuses, going on. */
@DisabledOnOs(OS.WINDOWS)
class InterruptedPipelineTest {
  private static final String CONFIG =
      """
      job: pipeline
      output: out
      jobs:
        - {name: short, job: nap}
        - {name: long, job: nap, naps: 5000}
        - {name: bad, job: nap, end: bad-data}
      """;

  @TempDir Path directory;

  @Test
  void stopsAndGoesOnAndNamesTheJobThatFails() throws Exception {
    Path place = Files.createDirectories(directory.resolve("place"));
    Files.writeString(place.resolve("naps.yaml"), CONFIG);
    try (CommandProcess process = CommandProcess.start(place, List.of("run", "naps.yaml"))) {
      assertThat(process.reaches(() -> process.hasPrinted("long: nap 1"))).isTrue();
      process.interrupt();
      CommandProcess.Result result = process.result();
      assertThat(result.status()).isEqualTo(130);
      assertThat(result.err()).isEmpty();
      assertThat(result.out()).last().asString().startsWith("stopped; add --resume");
    }
    assertThat(place.resolve("out/bad")).doesNotExist();
    List<String> rest = List.of("run", "naps.yaml", "--resume", "--set", "jobs[1].naps=2");
    try (CommandProcess process = CommandProcess.start(place, rest)) {
      CommandProcess.Result result = process.result();
      result.assertRefused(3, "error: bad: docs.jsonl, line 3: no field text; name the field");
      assertThat(result.out())
          .contains("short: done", "long: changed", "bad: not begun", "long: awake")
          .contains("long: changed since the run began: naps: 5000 -> 2")
          .doesNotContain("short: nap 0");
    }
    List<String> mended = new ArrayList<>(rest);
    mended.addAll(List.of("--set", "jobs[2].end=well"));
    try (CommandProcess process = CommandProcess.start(place, mended)) {
      process.result().assertSucceeded();
      assertThat(process.result().out()).last().isEqualTo("page  out/report.html");
    }
    assertThat(place.resolve("out/report.html")).content().contains("Settings of bad");
  }
}
