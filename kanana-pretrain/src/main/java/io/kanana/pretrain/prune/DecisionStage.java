package io.kanana.pretrain.prune;

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
  private static final ObjectMapper JSON = new ObjectMapper();

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

  ReshapePlan run(PruningTask task) {
    boolean there = Files.exists(planFile);
    if (there) {
      checkStrategy();
    } else {
      decide(task);
    }
    ReshapePlan plan = ReshapePlanFile.read(planFile, parent.shape());
    ModelConfig target = plan.target(parent.shape());
    context.progress().line((there ? "plan as it is: " : "plan: ") + target.describe());
    return plan;
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
    if (!task.considered().isEmpty()) {
      new DecisionReport(task.considered()).write(context.output());
    }
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
    try {
      String decidedBy = JSON.readTree(decisionFile.toFile()).path(STRATEGY).toString();
      if (!decidedBy.equals(strategy().toString())) {
        throw new ConfigException(
            STRATEGY,
            planFile
                + " was decided by another one, "
                + decidedBy
                + "; remove it to decide again, or give another output");
      }
    } catch (IOException e) {
      throw new CheckpointException(decisionFile + ": cannot be read: " + Reason.of(e), e);
    }
  }
}
