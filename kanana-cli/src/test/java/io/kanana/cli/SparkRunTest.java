package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command has no Spark on its class path, and finds it when a run asks for it. */
class SparkRunTest {
  private static final String CONFIG =
      """
      job: filter
      data:
        documents: [{type: miniature-web, documents: 300, faults: {near-duplicate: 0.2}}]
      shards: {bytes: 30000}
      steps: [exact-duplicates, {type: near-duplicates, bands: 20, rows: 7}]
      """;

  @TempDir Path directory;

  private void run(String output, String... assignments) throws Exception {
    List<String> arguments =
        Stream.concat(
                Stream.of("run", "filter.yaml", "--set", "output=" + output),
                Stream.of(assignments).flatMap(each -> Stream.of("--set", each)))
            .toList();
    try (CommandProcess process = CommandProcess.start(directory, arguments)) {
      process.result().assertSucceeded();
    }
  }

  private byte[] kept(String output, String file) throws IOException {
    return Files.readAllBytes(directory.resolve(output).resolve("kept").resolve(file));
  }

  @Test
  void sparkIsFoundWhenItIsAskedFor() throws Exception {
    assertThat(getClass().getResource("/org/apache/spark/SparkContext.class")).isNull();
    directory = Files.createDirectory(directory.resolve("place"));
    Files.writeString(directory.resolve("filter.yaml"), CONFIG);
    run("local");
    run("spark", "compute.type=spark", "compute.master=local[2]");
    for (String file : List.of("00000.jsonl.zst", "clusters.jsonl", "samples.json")) {
      assertThat(kept("spark", file)).isEqualTo(kept("local", file)).isNotEmpty();
    }
    assertThat(directory.resolve("spark/spark.log")).exists();
  }
}
