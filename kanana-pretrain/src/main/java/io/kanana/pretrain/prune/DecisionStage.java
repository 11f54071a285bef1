package io.kanana.pretrain.prune;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Reason;
import io.kanana.core.job.JobContext;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.train.ParentModel;
import io.kanana.pretrain.reshape.ModelFigures;
import io.kanana.pretrain.reshape.ReshapePlan;
import io.kanana.pretrain.reshape.ReshapePlanFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Lets the strategy decide, or takes the plan that is there, edited or not. Beside it stands by
 * which strategy it was decided, and what was considered.
 */
final class DecisionStage {
  private static final String DECISION = "decision.json";
  private static final String STRATEGY = "strategy";
  private static final String COMPUTE = "compute";
  private static final String FLOPS = "flops";
  private static final String SECONDS = "seconds";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What was decided.
   *
   * @param flops operations that it took, in this run or before
   * @param seconds that it took
   */
  record Decision(ReshapePlan plan, double flops, double seconds) {}

  private final PruneConfig config;
  private final JobContext context;
  private final ParentModel parent;
  private final Path planFile;
  private final Path decisionFile;

  DecisionStage(PruneConfig config, JobContext context, ParentModel parent) {
    this.config = config;
    this.context = context;
    this.parent = parent;
    this.planFile = context.output().resolve(ReshapePlanFile.NAME);
    this.decisionFile = context.output().resolve(DECISION);
  }

  Decision run(PruningTask task) {
    boolean there = Files.exists(planFile);
    if (there) {
      checkStrategy();
    } else {
      decide(task);
    }
    ReshapePlan plan = ReshapePlanFile.read(planFile, parent.shape());
    ModelConfig target = plan.target(parent.shape());
    context.progress().line((there ? "plan as it is: " : "plan: ") + target.describe());
    JsonNode compute = Files.exists(decisionFile) ? decision().path(COMPUTE) : JSON.nullNode();
    return new Decision(plan, compute.path(FLOPS).asDouble(), compute.path(SECONDS).asDouble());
  }

  private void decide(PruningTask task) {
    context.progress().status("deciding");
    ReshapePlan plan;
    try {
      plan = config.strategy().create().decide(task);
    } catch (ConfigException e) {
      throw e.below(STRATEGY);
    }
    task.considered().forEach(this::tell);
    write(decisionFile, decision(task));
    new DecisionReport(task.considered()).write(context.output());
    ReshapePlanFile.write(planFile, parent.asParent(), parent.shape(), plan);
  }

  private void tell(PruningTask.Candidate candidate) {
    context
        .progress()
        .line(
            String.format(
                Locale.ROOT,
                "candidate %s: %.4f",
                candidate.shape().describe(),
                candidate.score()));
  }

  private JsonNode strategy() {
    return Yaml.read(context.configYaml()).get(STRATEGY);
  }

  private ObjectNode decision(PruningTask task) {
    ObjectNode decision = JSON.createObjectNode();
    decision.set(STRATEGY, strategy());
    ArrayNode candidates = decision.putArray("candidates");
    for (PruningTask.Candidate candidate : task.considered()) {
      ObjectNode entry = candidates.addObject();
      ModelFigures.write(candidate.shape(), entry);
      entry.put("score", candidate.score());
    }
    decision
        .putObject(COMPUTE)
        .put(FLOPS, task.calibration().flops())
        .put(SECONDS, task.calibration().seconds());
    return decision;
  }

  private static void write(Path file, JsonNode tree) {
    try {
      WholeFile.write(file, tree.toPrettyString() + "\n");
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }

  /** A plan that another strategy decided on is not what was asked for. */
  private void checkStrategy() {
    if (!Files.exists(decisionFile)) {
      return;
    }
    JsonNode decidedBy = decision().path(STRATEGY);
    if (!decidedBy.equals(asWritten(strategy()))) {
      throw new ConfigException(
          STRATEGY,
          planFile
              + " was decided by another one, "
              + decidedBy
              + "; remove it to decide again, or give another output");
    }
  }

  /** YAML and JSON read some numbers as different ones. */
  private static JsonNode asWritten(JsonNode tree) {
    try {
      return JSON.readTree(tree.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be read as it was written", e);
    }
  }

  private JsonNode decision() {
    try {
      return JSON.readTree(decisionFile.toFile());
    } catch (IOException e) {
      throw new CheckpointException(decisionFile + ": cannot be read: " + Reason.of(e), e);
    }
  }
}
