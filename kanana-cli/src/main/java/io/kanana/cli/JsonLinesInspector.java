package io.kanana.cli;

import com.fasterxml.jackson.core.JacksonException;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A JSON value per line, such as metrics, documents and rejected records: how many, and the last.
 */
final class JsonLinesInspector implements Inspector {
  @Override
  public boolean recognises(Path path) {
    return path.toString().endsWith(".jsonl");
  }

  @Override
  public List<String> describe(Path path) {
    long count = 0;
    String last = null;
    try (BufferedReader reader = Files.newBufferedReader(path)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.isBlank()) {
          count++;
          last = line;
        }
      }
    } catch (IOException e) {
      throw new DataException(path + ": cannot be read: " + Reason.of(e), e);
    }
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, "JSON lines: %,d", count));
    if (last != null) {
      lines.add("the last");
      described(last).forEach(line -> lines.add("  " + line));
    }
    return lines;
  }

  private static List<String> described(String line) {
    try {
      return JsonInspector.describe(JsonInspector.JSON.readTree(line));
    } catch (JacksonException e) {
      return List.of("is not JSON: " + e.getOriginalMessage());
    }
  }
}
