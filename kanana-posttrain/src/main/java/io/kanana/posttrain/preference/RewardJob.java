package io.kanana.posttrain.preference;

import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.error.ConfigException;
import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.RunInputs;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.ModelHead;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.train.MemoryEstimate;
import io.kanana.core.train.MetricsReader;
import io.kanana.core.train.ParentModel;
import io.kanana.core.train.WatchedTraining;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * The job {@code reward}: a language model becomes a reward model, which scores answers, by
 * learning from pairs of a better and a worse one.
 */
public final class RewardJob implements Job<RewardConfig> {
  static final String NAME = "reward";

  private static final List<String> INPUTS = List.of("seed", "model", "data");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Trains a reward model on pairs of a better and a worse answer.";
  }

  @Override
  public Class<RewardConfig> configType() {
    return RewardConfig.class;
  }

  @Override
  public JobPlan plan(RewardConfig config) {
    TensorBackends.checkName("compute.backend", config.compute().backend());
    JobPlan lines = JobPlan.empty();
    Path file = config.model().resolve(HuggingFaceConfig.FILE);
    if (Files.exists(file)) {
      lines = withCost(lines, config, HuggingFaceConfig.read(file).model());
    } else {
      lines = lines.with("model", "not there yet: " + config.model());
    }
    return lines.with("run", config.train().until().toString());
  }

  private static JobPlan withCost(JobPlan lines, RewardConfig config, ModelConfig shape) {
    MemoryEstimate memory =
        MemoryEstimate.of(
            shape,
            config.compute().precision(),
            config.train().microBatch(),
            config.train().recompute());
    int window = window(config, shape);
    JobPlan more =
        lines
            .with(
                "parameters",
                String.format(Locale.ROOT, "%,d", ModelHead.SCORE.parameterCount(shape)))
            .with("memory: weights, gradients, moments", mebibytes(memory.weights()))
            .with(
                "memory: activations of a micro-batch",
                mebibytes(memory.activations() / shape.contextLength() * window));
    long tokensPerStep = (long) config.train().sequencesPerStep() * window;
    OptionalLong steps = config.train().until().inSteps(tokensPerStep);
    if (steps.isEmpty()) {
      return more;
    }
    checkRates(config, steps.getAsLong());
    double tokens = (double) steps.getAsLong() * tokensPerStep;
    double flops = tokens * ModelHead.SCORE.trainingFlopsPerToken(shape, window);
    return more.with("tokens", String.format(Locale.ROOT, "%,.0f", tokens))
        .with("operations", String.format(Locale.ROOT, "%.3g FLOP", flops));
  }

  /** Tokens of a row. */
  static int window(RewardConfig config, ModelConfig shape) {
    int window = config.data().contextLength().orElse(shape.contextLength());
    if (window > shape.contextLength()) {
      throw new ConfigException(
          "data.context-length",
          "must be at most the model's " + shape.contextLength() + ", got " + window);
    }
    return window;
  }

  private static void checkRates(RewardConfig config, long steps) {
    try {
      config.train().rates(steps);
    } catch (ConfigException e) {
      throw e.below("train");
    }
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
  }

  @Override
  public void run(RewardConfig config, JobContext context) {
    boolean begun =
        RunInputs.anyOf(
            context.output(), "checkpoints", "model", "tokenizer", "pairs", "report.json");
    try (ParentModel parent = ParentModel.open(config.model());
        TensorBackend backend =
            TensorBackends.open(config.compute().backend(), config.compute().threadCount())) {
      new RunInputs(context, INPUTS, "pairs and checkpoints").keep(begun);
      new RewardRun(config, context, parent, backend).run();
    }
  }

  /** Those of the last measurement of held-out pairs, and of what is measured beside it. */
  @Override
  public SortedMap<String, Double> measurements(Path output) {
    SortedMap<String, Double> all = MetricsReader.last(WatchedTraining.metrics(output), "held-out");
    all.putAll(RewardReport.baselines(output));
    return all;
  }
}
