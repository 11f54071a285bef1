package io.kanana.cli.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.checkpoint.JsonLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a {@code metrics.jsonl}, or of what else a run writes line by line.
 *
 * @param lines in their order
 */
record RunMetrics(List<JsonNode> lines) {
  RunMetrics {
    lines = List.copyOf(lines);
  }

  /**
   * Reads a file, of which a run may be writing the last line just now; of none there are no lines.
   *
   * @param what it should be, for messages
   * @throws io.kanana.core.error.DataException if a line is none
   */
  static RunMetrics read(Path file, String what) {
    List<JsonNode> lines = new ArrayList<>();
    if (Files.exists(file)) {
      JsonLog.read(file, what, lines::add);
    }
    return new RunMetrics(lines);
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
