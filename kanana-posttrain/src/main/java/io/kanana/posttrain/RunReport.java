package io.kanana.posttrain;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import io.kanana.core.job.Progress;
import io.kanana.core.model.Llama;
import io.kanana.core.train.HeldOut;
import io.kanana.core.train.HeldOutReport;
import io.kanana.core.train.MetricsReader;
import io.kanana.core.train.TrainingListener;
import io.kanana.core.train.WatchedTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * {@code report.json} of a run: what its model was like before and after, by the same measurements.
 * What was before is measured once and kept; what is after are the last figures of the training.
 */
final class RunReport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BEFORE = "before";
  private static final String MODEL = "model";

  private final Path output;
  private final Path file;
  private final Progress progress;
  private final ObjectNode content;

  /** The report of a run; what it has of an earlier one is kept. */
  RunReport(Path output, Progress progress) {
    this.output = output;
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
   * Whether the model at the beginning was not measured yet.
   *
   * @param id of the model
   */
  boolean lacksBefore(String id) {
    return !content.has(BEFORE) || !content.path(MODEL).asText().equals(id);
  }

  /**
   * Measures the model at the beginning.
   *
   * @param id of the model
   */
  void before(String id, Llama model, HeldOut heldOut) {
    SortedMap<String, Double> figures = new TreeMap<>();
    heldOut.measure(model, 0, collecting(figures));
    content.put(MODEL, id);
    put(BEFORE, figures);
  }

  /**
   * Takes the figures of the end from the metrics of the training: those that were there before.
   */
  void after() {
    SortedMap<String, Double> figures = new TreeMap<>();
    for (String event : new String[] {"held-out", "samples"}) {
      String prefix = event + ".";
      SortedMap<String, Double> last = MetricsReader.last(WatchedTraining.metrics(output), event);
      for (Map.Entry<String, Double> figure : last.entrySet()) {
        String name = figure.getKey().substring(prefix.length());
        if (content.path(BEFORE).has(name)) {
          figures.put(name, figure.getValue());
        }
      }
    }
    put("after", figures);
  }

  private void put(String name, SortedMap<String, Double> figures) {
    ObjectNode section = content.putObject(name);
    figures.forEach(section::put);
    write();
    StringJoiner line = new StringJoiner(", ", name + ": ", "");
    figures.forEach((key, value) -> line.add(String.format(Locale.ROOT, "%s %.4g", key, value)));
    progress.line(line.toString());
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
