package io.kanana.cli.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The lines of a {@code metrics.jsonl}.
 *
 * @param lines in their order
 */
record RunMetrics(List<JsonNode> lines) {
  private static final ObjectMapper JSON = new ObjectMapper();

  RunMetrics {
    lines = List.copyOf(lines);
  }

  /**
   * Reads a file, of which a run may be writing the last line just now.
   *
   * @throws DataException if another line is none
   */
  static RunMetrics read(Path file) {
    if (!Files.exists(file)) {
      return new RunMetrics(List.of());
    }
    try {
      List<String> all = Files.readAllLines(file);
      List<JsonNode> lines = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        line(file, all.get(i), i + 1 == all.size()).ifPresent(lines::add);
      }
      return new RunMetrics(lines);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private static Optional<JsonNode> line(Path file, String text, boolean last) {
    try {
      return Optional.of(JSON.readTree(text));
    } catch (JsonProcessingException e) {
      if (last) {
        return Optional.empty();
      }
      throw new DataException(file + ": is no metrics file: " + e.getOriginalMessage(), e);
    }
  }

  /** A figure of the lines of an event over their steps; what is no finite number is left out. */
  List<LineChart.Point> curve(String event, String figure) {
    List<LineChart.Point> points = new ArrayList<>();
    for (JsonNode line : lines) {
      JsonNode value = line.path(figure);
      if (line.path("event").asText().equals(event)
          && value.isNumber()
          && Double.isFinite(value.asDouble())) {
        points.add(new LineChart.Point(line.path("step").asDouble(), value.asDouble()));
      }
    }
    return points;
  }
}
