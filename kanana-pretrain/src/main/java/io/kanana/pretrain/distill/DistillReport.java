package io.kanana.pretrain.distill;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import io.kanana.core.job.JobContext;
import io.kanana.core.model.Llama;
import io.kanana.core.train.HeldOutWindows;
import io.kanana.pretrain.reshape.ModelFigures;
import io.kanana.pretrain.reshape.TextStage.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What teacher and student are worth on the same held-out text, in {@code report.json}: each is
 * measured once, also over interruptions.
 */
final class DistillReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JobContext context;
  private final Text text;
  private final HeldOutWindows windows;
  private final Path file;
  private final ObjectNode report;

  DistillReport(JobContext context, Text text, HeldOutWindows windows) {
    this.context = context;
    this.text = text;
    this.windows = windows;
    this.file = context.output().resolve("report.json");
    this.report = read(file);
  }

  private static ObjectNode read(Path file) {
    if (!Files.exists(file)) {
      return JSON.createObjectNode();
    }
    try {
      return JSON.readValue(file.toFile(), ObjectNode.class);
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** Whether a model is still to be measured under a name. */
  boolean lacks(String name, String id) {
    return !report.path(name).path("model").asText().equals(id);
  }

  /**
   * Measures a model and tells.
   *
   * @param name {@code teacher}, {@code before} or {@code after}
   * @param id of the model
   */
  void measure(String name, String id, Llama model) {
    context.progress().status("measuring: " + name);
    ModelFigures figures =
        ModelFigures.measure(model, text.heldOutWindows(), windows.microBatch(), windows.windows());
    context.progress().line(name + ": " + figures.describe());
    ObjectNode entry = report.putObject(name).put("model", id);
    figures.write(entry);
    write();
  }

  private void write() {
    try {
      WholeFile.write(file, report.toPrettyString() + "\n");
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }
}
