package io.kanana.eval.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The samples of a results directory, read back.
 *
 * @param byTask each task's samples by the index of their document
 */
record Samples(Path directory, Map<String, Map<Integer, JsonNode>> byTask) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads them.
   *
   * @param path a results directory, or the output of a run that has one
   * @throws DataException if there are none, or they are damaged
   */
  static Samples read(Path path) {
    Path directory =
        Files.exists(path.resolve(ResultsDirectory.SAMPLES)) ? path : path.resolve("results");
    Path file = directory.resolve(ResultsDirectory.SAMPLES);
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          path + ": has no " + ResultsDirectory.SAMPLES + "; name the results of an evaluation");
    }
    Map<String, Map<Integer, JsonNode>> byTask = new LinkedHashMap<>();
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        JsonNode sample = parsed(file, number, line);
        byTask
            .computeIfAbsent(sample.path(SampleJson.TASK).asText(), key -> new LinkedHashMap<>())
            .put(sample.path(SampleJson.INDEX).asInt(), sample);
      }
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + Reason.of(e), e);
    }
    return new Samples(directory, byTask);
  }

  private static JsonNode parsed(Path file, int number, String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new DataException(file + ", line " + number + ": is not JSON; it is damaged", e);
    }
  }
}
