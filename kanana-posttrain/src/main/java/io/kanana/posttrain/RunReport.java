package io.kanana.posttrain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import io.kanana.core.job.Progress;
import io.kanana.core.model.Llama;
import io.kanana.core.train.HeldOut;
import io.kanana.core.train.HeldOutReport;
import io.kanana.core.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * {@code report.json} of a run: what its model was like before and after, by the same measurements.
 * Grows as they are made, so that a resumed run makes none twice.
 */
public final class RunReport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MODEL = "model";

  private final Path file;
  private final Progress progress;
  private final ObjectNode content;

  /** The report of a run; what it has of an earlier one is kept. */
  public RunReport(Path output, Progress progress) {
    this.file = output.resolve("report.json");
    this.progress = progress;
    this.content = Files.exists(file) ? read(file) : JSON.createObjectNode();
  }

  private static ObjectNode read(Path file) {
    try {
      return (ObjectNode) JSON.readTree(file.toFile());
    } catch (IOException | ClassCastException e) {
      throw new CheckpointException(file + ": is no report; remove it, and it is written anew", e);
    }
  }

  /**
   * Whether this model was not measured under this name yet.
   *
   * @param id the model's
   */
  public boolean lacks(String name, String id) {
    return !content.path(name).path(MODEL).asText().equals(id);
  }

  /**
   * Measures a model and keeps the figures under a name.
   *
   * @param id the model's
   */
  public void measure(String name, String id, Llama model, long step, HeldOut heldOut) {
    SortedMap<String, Double> figures = new TreeMap<>();
    heldOut.measure(model, step, collecting(figures));
    content.putObject(name).put(MODEL, id);
    put(name, figures);
    StringJoiner line = new StringJoiner(", ", name + ": ", "");
    figures.forEach((key, value) -> line.add(String.format(Locale.ROOT, "%s %.4g", key, value)));
    progress.line(line.toString());
  }

  /** Keeps figures under a name. */
  public void put(String name, SortedMap<String, Double> figures) {
    ObjectNode section = content.withObjectProperty(name);
    figures.forEach(section::put);
    write();
  }

  /** Keeps something else under a name. */
  public void put(String name, JsonNode value) {
    content.set(name, value);
    write();
  }

  private void write() {
    try {
      WholeFile.write(
          file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n");
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }

  private static TrainingListener collecting(SortedMap<String, Double> figures) {
    return new TrainingListener() {
      @Override
      public void evaluated(HeldOutReport report) {
        figures.put("loss", report.loss());
        figures.put("bits-per-byte", report.bitsPerByte());
      }

      @Override
      public void measured(String event, long step, SortedMap<String, Double> measured) {
        figures.putAll(measured);
      }
    };
  }
}
