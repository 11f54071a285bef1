package io.kanana.core.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what a {@link MetricsWriter} wrote. */
public final class MetricsReader {
  private static final ObjectMapper JSON = new ObjectMapper();
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
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        JsonNode line = JSON.readTree(text);
        if (line.path("event").asText().equals(event)) {
          numbers.clear();
          collect(line, event, numbers);
        }
      }
      return numbers;
    } catch (JsonProcessingException e) {
      throw new DataException(file + ": is no metrics file: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + Reason.of(e), e);
    }
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
