package io.kanana.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class FilterBenchmarkTest {
  @TempDir Path directory;

  @Test
  void halfOfTheDocumentsAreTimed() throws IOException {
    Path corpus = directory.resolve("corpus.jsonl");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      lines.append("{\"id\":\"").append(i).append("\",\"text\":\"");
      lines.append(i % 2 == 0 ? "" : "Short text.").append(" Word\"}\n");
    }
    Files.writeString(corpus, lines);
    Path report = directory.resolve("report.json");
    StringWriter out = new StringWriter();
    CommandLine command = new CommandLine(new BenchCommand()).setOut(new PrintWriter(out));
    int code =
        command.execute(
            "filters",
            "--documents",
            corpus.toString(),
            "--steps",
            "gopher-quality",
            "--limit",
            "3",
            "--json",
            report.toString());
    assertThat(code).isZero();
    assertThat(out.toString()).contains("gopher-quality", "0 of 3 kept");
    JsonNode json = new ObjectMapper().readTree(report.toFile());
    assertThat(json.get("documents").asInt()).isEqualTo(3);
    assertThat(json.get("bytes").asInt()).isEqualTo(3 * "Short text. Word".length());
    assertThat(json.get("documentsPerSecond").asDouble()).isPositive();
  }
}
