package io.kanana.pretrain.reshape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.config.Check;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import io.kanana.core.job.JobContext;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.ParentModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of a model, in {@code report.json}: shapes, sizes, operations, and both losses on the
 * same held-out text.
 */
public final class ReshapeReport {
  private static final String FILE = "report.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What both models are measured on.
   *
   * @param windows the most; the first ones
   */
  public record HeldOut(BatchSource data, int microBatch, long windows) {
    public HeldOut {
      Check.that(windows > 0, "windows", "must be at least 1, got %s", windows);
    }
  }

  private final JobContext context;
  private final ParentModel parent;
  private final TensorBackend backend;
  private final Precision precision;
  private final Optional<HeldOut> heldOut;

  /**
   * @param heldOut empty where there is no text, and only shapes are reported
   */
  public ReshapeReport(
      JobContext context,
      ParentModel parent,
      TensorBackend backend,
      Precision precision,
      Optional<HeldOut> heldOut) {
    this.context = context;
    this.parent = parent;
    this.backend = backend;
    this.precision = precision;
    this.heldOut = heldOut;
  }

  /**
   * Measures both models, unless a report of the same child is there, tells and keeps the figures.
   *
   * @throws CheckpointException if the child cannot be read or the report not be written
   */
  public void run(Artefact child) {
    Path file = context.output().resolve(FILE);
    if (isOf(child, file)) {
      return;
    }
    ModelFigures before;
    try (Llama model = parent.load(backend, precision)) {
      before = measure(model, "parent");
    }
    ModelFigures after;
    try (ParentModel written = ParentModel.open(child.directory());
        Llama model = written.load(backend, precision)) {
      after = measure(model, "child");
    }
    ObjectNode report = JSON.createObjectNode().put("model", child.id());
    before.write(report.putObject("parent"));
    after.write(report.putObject("child"));
    write(file, report);
  }

  private static boolean isOf(Artefact child, Path file) {
    return Files.exists(file) && read(file).path("model").asText().equals(child.id());
  }

  /**
   * What the report of a run says of the child's loss, by the names that training jobs give theirs;
   * nothing where there was no text.
   */
  public static SortedMap<String, Double> measurements(Path output) {
    JsonNode child = read(output.resolve(FILE)).path("child");
    SortedMap<String, Double> measurements = new TreeMap<>();
    if (child.has("heldOutLoss")) {
      measurements.put("held-out.loss", child.get("heldOutLoss").asDouble());
      measurements.put("held-out.bits-per-byte", child.path("bitsPerByte").asDouble());
    }
    return measurements;
  }

  /** Adds to the report that {@link #run} left, over what was there under that key. */
  public void add(String key, JsonNode value) {
    Path file = context.output().resolve(FILE);
    ObjectNode report = read(file);
    report.set(key, value);
    write(file, report);
  }

  /** What the report says of the parent's loss. */
  public double parentLoss() {
    return read(context.output().resolve(FILE)).path("parent").path("heldOutLoss").asDouble();
  }

  private static ObjectNode read(Path file) {
    try {
      return JSON.readValue(file.toFile(), ObjectNode.class);
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private ModelFigures measure(Llama model, String name) {
    context.progress().status("measuring the " + name);
    ModelConfig shape = model.config();
    ModelFigures figures =
        heldOut
            .map(text -> ModelFigures.measure(model, text.data, text.microBatch, text.windows))
            .orElseGet(() -> new ModelFigures(shape, shape.contextLength(), Optional.empty()));
    context.progress().line(name + ": " + figures.describe());
    return figures;
  }

  private static void write(Path file, JsonNode report) {
    try {
      WholeFile.write(file, report.toPrettyString() + "\n");
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }
}
