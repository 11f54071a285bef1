package io.kanana.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where measurements are written for programs to read, if anywhere. */
final class JsonArguments {
  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write everything that was measured there, as one line of JSON.")
  private Path file;

  /** One line for each, so that several reports make a file of JSON lines. */
  void write(JsonNode... reports) {
    if (file != null) {
      writeTo(file, reports);
    }
  }

  /** The same into a file of its own. */
  static void writeTo(Path file, JsonNode... reports) {
    StringBuilder lines = new StringBuilder();
    for (JsonNode report : reports) {
      lines.append(report).append('\n');
    }
    try {
      Files.writeString(file, lines);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be written: " + e.getMessage(), e);
    }
  }
}
