package io.kanana.core.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SortedMap;

/**
 * Appends what happens in a run to {@code metrics.jsonl}, one JSON object per line, each in the
 * file before the next step begins. Numbers that JSON does not have are written as the texts {@code
 * "NaN"}, {@code "Infinity"} and {@code "-Infinity"}.
 *
 * <p>When a run is continued, lines of steps after the resumed one are cut off, so that the file of
 * an interrupted run is that of an undisturbed one except for the seconds. Not safe for use by
 * several threads.
 */
public final class MetricsWriter implements TrainingListener, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final FileChannel channel;

  private MetricsWriter(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Opens a file for appending and makes it if there is none.
   *
   * @param lastStep the step that the run continues after; 0 for a new run, whose file is emptied
   * @throws DataException if a whole line of the file is no metrics line
   * @throws CheckpointException if the file cannot be written
   */
  public static MetricsWriter open(Path file, long lastStep) {
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        channel.truncate(MetricsLines.endOf(file, lastStep));
        channel.position(channel.size());
        return new MetricsWriter(file, channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  @Override
  public void stepped(StepReport report) {
    ObjectNode line = line("step", report.step());
    line.put("tokens", report.tokens());
    put(line, "loss", report.loss());
    report.terms().forEach((term, value) -> put(line, term, value));
    put(line, "gradient-norm", report.gradientNorm());
    put(line, "learning-rate", report.learningRate());
    if (!report.updated()) {
      line.put("skipped", report.skipped());
    }
    put(line, "flops", report.flops());
    put(line, "seconds", report.seconds());
    append(line);
  }

  @Override
  public void evaluated(HeldOutReport report) {
    ObjectNode line = line("held-out", report.step());
    put(line, report);
    if (!report.domains().isEmpty()) {
      ObjectNode domains = line.putObject("domains");
      report.domains().forEach((name, domain) -> put(domains.putObject(name), domain));
    }
    append(line);
  }

  @Override
  public void measured(String event, long step, SortedMap<String, Double> figures) {
    ObjectNode line = line(event, step);
    figures.forEach((name, value) -> put(line, name, value));
    append(line);
  }

  private static void put(ObjectNode into, HeldOutReport report) {
    put(into, "loss", report.loss());
    put(into, "bits-per-byte", report.bitsPerByte());
    into.put("targets", report.targets());
    into.put("text-bytes", report.textBytes());
  }

  private static CheckpointException failure(Path file, IOException e) {
    return new CheckpointException(
        file + ": cannot be written: " + Reason.of(e) + "; make room and resume the run", e);
  }

  private static ObjectNode line(String event, long step) {
    return JSON.createObjectNode().put("event", event).put("step", step);
  }

  private static void put(ObjectNode line, String key, double value) {
    if (Double.isFinite(value)) {
      line.put(key, value);
    } else {
      line.put(key, Double.toString(value));
    }
  }

  private void append(ObjectNode line) {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failure(file, e);
    }
  }
}
