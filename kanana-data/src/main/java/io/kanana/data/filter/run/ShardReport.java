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

/**
 * What one stage did to one shard.
 *
 * @param documents that came
 * @param kept that go on
 * @param fingerprint of the documents that came
 * @param stats zero for the steps of other stages
 * @param samples none for the steps of other stages
 */
record ShardReport(
    long documents, long kept, long fingerprint, CascadeStats stats, Samples samples) {
  static final String FILE = "report.json";

  private static final ObjectMapper JSON = new ObjectMapper();

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

  static ShardReport read(Path shard) {
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
}
