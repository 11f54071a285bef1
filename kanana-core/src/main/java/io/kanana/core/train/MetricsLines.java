package io.kanana.core.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.DataException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Finds where the lines of a step end in a metrics file. */
final class MetricsLines {
  private static final ObjectMapper JSON = new ObjectMapper();

  private MetricsLines() {}

  /**
   * The length of the file up to the first line of a later step, or up to a line that was cut off
   * in the middle of writing.
   */
  static long endOf(Path file, long lastStep) throws IOException {
    long end = 0;
    long number = 1;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      for (byte[] line = line(in); line.length > 0; line = line(in), number++) {
        if (line[line.length - 1] != '\n' || step(file, number, line) > lastStep) {
          return end;
        }
        end += line.length;
      }
    }
    return end;
  }

  /** The next line with its end; empty at the end of the file. */
  private static byte[] line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      line.write(b);
      if (b == '\n') {
        break;
      }
    }
    return line.toByteArray();
  }

  private static long step(Path file, long number, byte[] line) throws IOException {
    try {
      JsonNode step = JSON.readTree(line).path("step");
      if (step.isIntegralNumber()) {
        return step.asLong();
      }
    } catch (JsonProcessingException e) {
      throw refused(file, number, "is not JSON");
    }
    throw refused(file, number, "has no step");
  }

  private static DataException refused(Path file, long number, String fault) {
    return new DataException(
        String.format(
            Locale.ROOT,
            "%s, line %d %s; move the file away to continue without its history",
            file,
            number,
            fault));
  }
}
