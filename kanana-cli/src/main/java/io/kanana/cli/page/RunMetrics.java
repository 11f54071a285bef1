package io.kanana.cli.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

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
   * @throws DataException if a line is none
   */
  static RunMetrics read(Path file) {
    if (!Files.exists(file)) {
      return new RunMetrics(List.of());
    }
    try {
      List<JsonNode> lines = new ArrayList<>();
      for (String line : wholeLines(Files.readAllBytes(file)).lines().toList()) {
        lines.add(JSON.readTree(line));
      }
      return new RunMetrics(lines);
    } catch (JsonProcessingException e) {
      throw new DataException(file + ": is no metrics file: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private static String wholeLines(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  /** The finite numbers of the last line of an event, by the event and their keys. */
  SortedMap<String, Double> last(String event) {
    SortedMap<String, Double> numbers = new TreeMap<>();
    lines.stream()
        .filter(line -> line.path("event").asText().equals(event))
        .reduce((_, latter) -> latter)
        .ifPresent(line -> collect(line, event, numbers));
    return numbers;
  }

  private static void collect(JsonNode node, String name, SortedMap<String, Double> into) {
    node.properties()
        .forEach(
            entry -> {
              String below = name + "." + entry.getKey();
              if (entry.getValue().isObject()) {
                collect(entry.getValue(), below, into);
              } else if (entry.getValue().isNumber()) {
                into.put(below, entry.getValue().asDouble());
              }
            });
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
