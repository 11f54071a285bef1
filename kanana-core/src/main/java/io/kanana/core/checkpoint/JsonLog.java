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
import java.util.function.LongFunction;
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
        cut(wholeLength(file, JsonLog::askedAnew, stays));
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

  /**
   * Reads the entries of a log that somebody may be writing, and changes nothing; a last line that
   * is not finished is left out.
   *
   * @param what the file should be, for messages: {@code metrics file}
   * @throws DataException where the file cannot be read, or a line in it is no JSON
   */
  public static void read(Path file, String what, Consumer<JsonNode> entries) {
    try {
      wholeLength(
          file,
          number -> "is no " + what + ": line " + number + " is no JSON",
          entry -> {
            entries.accept(entry);
            return true;
          });
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** The length of the whole lines that stay, in bytes. */
  private static long wholeLength(Path file, LongFunction<String> fault, Predicate<JsonNode> stays)
      throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      long length = 0;
      long number = 1;
      for (byte[] line = wholeLine(in); line != null; line = wholeLine(in)) {
        if (!stays.test(entry(file, line, fault.apply(number)))) {
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

  private static JsonNode entry(Path file, byte[] line, String fault) throws IOException {
    try {
      JsonNode entry = JSON.readTree(line);
      if (entry.isMissingNode()) {
        throw new DataException(file + ": " + fault);
      }
      return entry;
    } catch (JsonProcessingException e) {
      throw new DataException(file + ": " + fault, e);
    }
  }

  private static String askedAnew(long number) {
    return "line " + number + " is no JSON; remove it, and what it said is asked anew";
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
