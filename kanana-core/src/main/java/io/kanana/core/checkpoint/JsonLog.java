package io.kanana.core.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
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

  private JsonLog(Path file, Predicate<JsonNode> stays) {
    this.file = file;
    try {
      if (Files.exists(file)) {
        cut(wholeLength(stays));
      }
      this.writer =
          Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be used: " + Reason.of(e), e);
    }
  }

  /**
   * Opens a log, or begins one.
   *
   * @param known gets the entries of an earlier run, in their order; a last line that a kill left
   *     unfinished is dropped
   * @throws DataException where the file cannot be used, or a line in it is no JSON
   */
  public static JsonLog open(Path file, Consumer<JsonNode> known) {
    return openWhile(
        file,
        entry -> {
          known.accept(entry);
          return true;
        });
  }

  /**
   * The same for a run that goes back: the first entry that does not stay is dropped, and with it
   * all that come after.
   *
   * @param stays gets the entries of an earlier run, in their order, and says whether they stay
   * @throws DataException where the file cannot be used, or a line in it is no JSON
   */
  public static JsonLog openWhile(Path file, Predicate<JsonNode> stays) {
    return new JsonLog(file, stays);
  }

  /** The length of the whole lines that stay, in bytes. */
  private long wholeLength(Predicate<JsonNode> stays) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      long length = 0;
      long number = 1;
      for (byte[] line = wholeLine(in); line != null; line = wholeLine(in)) {
        if (!stays.test(entry(line, number))) {
          break;
        }
        length += line.length + 1;
        number++;
      }
      return length;
    }
  }

  /** The next line without its end; null where none is left that has one. */
  private static byte[] wholeLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        return line.toByteArray();
      }
      line.write(next);
    }
    return null;
  }

  private JsonNode entry(byte[] line, long number) throws IOException {
    try {
      JsonNode entry = JSON.readTree(line);
      if (entry.isMissingNode()) {
        throw noJson(number, null);
      }
      return entry;
    } catch (JsonProcessingException e) {
      throw noJson(number, e);
    }
  }

  private DataException noJson(long number, Exception cause) {
    return new DataException(
        file + ": line " + number + " is no JSON; remove it, and what it said is asked anew",
        cause);
  }

  private void cut(long length) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(length); // where it is as long already, nothing changes
      channel.force(true);
    }
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
