package io.kanana.core.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A file of JSON lines that grows as work is done, so that work which costs much is not done twice
 * after a kill. Entries given together are written together. Safe for use by several threads; a
 * file has one log at a time.
 */
public final class JsonLog implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final BufferedWriter writer;

  /**
   * Opens a log, or begins one.
   *
   * @param known gets the entries of an earlier run, in their order; a last line that a kill left
   *     unfinished is dropped
   * @throws DataException where the file cannot be used, or a line in it is no JSON
   */
  public JsonLog(Path file, Consumer<JsonNode> known) {
    this.file = file;
    try {
      if (Files.exists(file)) {
        WholeFile.write(file, wholeLines(known));
      }
      this.writer =
          Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be used: " + Reason.of(e), e);
    }
  }

  private String wholeLines(Consumer<JsonNode> known) throws IOException {
    String text = Files.readString(file);
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    long number = 0;
    for (String line : whole.lines().toList()) {
      number++;
      try {
        known.accept(JSON.readTree(line));
      } catch (JsonProcessingException e) {
        throw new DataException(
            file + ": line " + number + " is no JSON; remove it, and what it said is asked anew",
            e);
      }
    }
    return whole;
  }

  /** Writes entries down; when this returns, the operating system has them. */
  public synchronized void add(List<? extends JsonNode> entries) {
    String lines = entries.stream().map(entry -> entry + "\n").collect(Collectors.joining());
    try {
      writer.write(lines);
      writer.flush();
    } catch (IOException e) {
      throw new DataException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw new DataException(file + ": cannot be closed: " + Reason.of(e), e);
    }
  }
}
