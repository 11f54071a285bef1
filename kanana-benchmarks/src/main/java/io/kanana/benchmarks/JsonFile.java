package io.kanana.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where {@code --json} writes. */
final class JsonFile {
  private JsonFile() {}

  /** One line, so that several reports make a file of JSON lines. */
  static void write(Path file, JsonNode report) {
    try {
      Files.writeString(file, report + "\n");
    } catch (IOException e) {
      throw new DataException(file + ": cannot be written: " + e.getMessage(), e);
    }
  }
}
