package io.kanana.posttrain.merge;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.checkpoint.LlamaWeights;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TensorSpec;
import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.RunInputs;
import io.kanana.core.job.Stopped;
import io.kanana.core.model.ModelConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The job {@code merge}: one model of several of the same shape and tokenizer, by arithmetic on
 * their weights. Sums are F64, and each weight is rounded once, to the type it is stored in.
 */
public final class MergeJob implements Job<MergeConfig> {
  static final String NAME = "merge";

  /** The keys that the model is a function of. */
  static final List<String> PLAN_KEYS = List.of("seed", "models", "base", "method", "store-as");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Makes one model of several by arithmetic on their weights.";
  }

  @Override
  public Class<MergeConfig> configType() {
    return MergeConfig.class;
  }

  @Override
  public JobPlan plan(MergeConfig config) {
    config.method().create(config.plan()); // a plan that the method cannot carry out is refused
    MergeShapes shapes = new MergeShapes(config);
    shapes.check();
    JobPlan plan = JobPlan.empty();
    for (Path missing : shapes.missing()) {
      plan = plan.with("parent", "not there yet: " + missing);
    }
    JobPlan lines = plan;
    return shapes.first().map(first -> describe(lines, config, first)).orElse(plan);
  }

  private static JobPlan describe(JobPlan lines, MergeConfig config, HuggingFaceConfig first) {
    ModelConfig shape = first.model();
    StoredType type = config.type(first);
    int parents = (int) config.parents().count();
    long bytes = LlamaWeights.specs(shape, type).mapToLong(TensorSpec::bytes).sum();
    long memory = MergedWeights.largestBytes(shape, type) + MergedWeights.stretchBytes(parents);
    return lines
        .with("models", config.models().size() + (config.base().isPresent() ? " and a base" : ""))
        .with("shape", describe(shape))
        .with("written", String.format(Locale.ROOT, "%,d bytes of %s", bytes, type))
        .with("memory", String.format(Locale.ROOT, "%,d MiB", Math.ceilDiv(memory, 1L << 20)));
  }

  private static String describe(ModelConfig shape) {
    return String.format(
        Locale.ROOT,
        "%d layers, hidden size %d, %d heads, %d kv heads, ffn size %d, vocabulary %d%s: %,d"
            + " parameters",
        shape.layers(),
        shape.hiddenSize(),
        shape.heads(),
        shape.kvHeads(),
        shape.ffnSize(),
        shape.vocabularySize(),
        shape.tiedEmbeddings() ? ", tied" : "",
        shape.parameterCount());
  }

  @Override
  public void run(MergeConfig config, JobContext context) {
    try (MergeParents parents = MergeParents.open(config)) {
      run(config, context, parents);
    } catch (Stopped _) {
      // a merge that is not whole is not there, and a resumed run begins it again
    }
  }

  private static void run(MergeConfig config, JobContext context, MergeParents parents) {
    Path directory = MergeConfig.model(context.output());
    MergedCheckpoint checkpoint = new MergedCheckpoint(config, parents, context);
    boolean written = checkpoint.isWritten(directory);
    new RunInputs(context, PLAN_KEYS, "the model").keep(written);
    if (written) {
      context.progress().line(directory + " is there already");
      return;
    }
    Artefact model = checkpoint.write(directory);
    context.progress().line("saved " + model.directory());
  }
}
