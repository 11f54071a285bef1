package io.kanana.data.filter.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.data.filter.stats.CascadeStats;
import io.kanana.data.filter.stats.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one stage did to one shard.
 *
 * @param documents that came
 * @param kept that go on
 * @param fingerprint of the documents that came
 * @param lines bytes of the lines in each file that has some, not compressed, by its name without
 *     extension
 * @param stats zero for the steps of other stages
 * @param samples none for the steps of other stages
 */
public record ShardReport(
    long documents,
    long kept,
    long fingerprint,
    SortedMap<String, Long> lines,
    CascadeStats stats,
    Samples samples) {
  static final String FILE = "report.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  public ShardReport {
    lines = Collections.unmodifiableSortedMap(new TreeMap<>(lines));
  }

  byte[] json() {
    return json(this);
  }

  /** Any of the records of a run. */
  static byte[] json(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report is always JSON", e);
    }
  }

  /** That of a shard which is there. */
  public static ShardReport read(Path shard) {
    return read(shard.resolve(FILE), ShardReport.class);
  }

  /**
   * @throws DataException if the file cannot be read as that
   */
  static <T> T read(Path file, Class<T> type) {
    try {
      return JSON.readValue(Files.readAllBytes(file), type);
    } catch (IOException e) {
      throw new DataException(
          file + ": cannot be read (" + Reason.of(e) + "); remove the output and run again", e);
    }
  }

  /** What {@link #json(Object)} made. */
  static <T> T read(byte[] json, Class<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (IOException e) {
      throw new IllegalStateException("what was written is always read back", e);
    }
  }
}
