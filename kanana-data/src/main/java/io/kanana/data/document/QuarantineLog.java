package io.kanana.data.document;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts rejected records by reason and writes each as a line of JSON: {@code file}, {@code line},
 * {@code reason}, {@code detail}. The file exists from the start, so that an empty one says that
 * nothing was rejected. Safe for use by several threads.
 */
public final class QuarantineLog implements Quarantine, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final BufferedWriter writer;
  private final Map<String, Long> counts = new TreeMap<>();

  /** Creates the file, or empties it. */
  public QuarantineLog(Path file) {
    this.file = file;
    try {
      this.writer = Files.newBufferedWriter(file);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public synchronized void reject(RejectedRecord rejected) {
    counts.merge(rejected.reason(), 1L, Long::sum);
    try {
      writer.write(JSON.writeValueAsString(rejected));
      writer.write('\n');
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** How many records were rejected so far, by reason. */
  public synchronized Map<String, Long> counts() {
    return Collections.unmodifiableMap(new TreeMap<>(counts));
  }

  /**
   * A line for people on each reason: how many records were rejected so far, and where they are.
   */
  public synchronized List<String> describe() {
    return counts.entrySet().stream()
        .map(
            entry ->
                String.format(
                    Locale.ROOT,
                    "%,d records left out: %s (see %s)",
                    entry.getValue(),
                    entry.getKey(),
                    file.getFileName()))
        .toList();
  }

  @Override
  public synchronized void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private DataException failure(IOException e) {
    return new DataException(
        file
            + ": cannot write the rejected records ("
            + Reason.of(e)
            + "); free or name another place",
        e);
  }
}
