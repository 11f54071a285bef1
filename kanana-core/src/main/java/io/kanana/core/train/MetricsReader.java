package io.kanana.core.train;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.checkpoint.JsonLog;
import io.kanana.core.error.DataException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what a {@link MetricsWriter} wrote. */
public final class MetricsReader {
  private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");

  private MetricsReader() {}

  /**
   * The numbers of the last line of an event, each by the event and its keys: {@code
   * held-out.bits-per-byte}. Empty where there is no such line.
   *
   * @throws DataException if the file cannot be read or is no metrics file
   */
  public static SortedMap<String, Double> last(Path file, String event) {
    SortedMap<String, Double> numbers = new TreeMap<>();
    JsonLog.read(
        file,
        "metrics file",
        line -> {
          if (line.path("event").asText().equals(event)) {
            numbers.clear();
            collect(line, event, numbers);
          }
        });
    return numbers;
  }

  private static void collect(JsonNode node, String name, Map<String, Double> into) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String below = name + "." + entry.getKey();
      JsonNode value = entry.getValue();
      if (value.isObject()) {
        collect(value, below, into);
      } else if (value.isNumber() || NOT_FINITE.contains(value.asText())) {
        into.put(below, value.isNumber() ? value.asDouble() : Double.parseDouble(value.asText()));
      }
    }
  }
}
