package io.kanana.posttrain.preference;

import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.RunInputs;
import io.kanana.core.job.Stopped;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.train.MetricsReader;
import io.kanana.core.train.TrainingPlan;
import io.kanana.core.train.WatchedTraining;
import io.kanana.posttrain.ChatParent;
import io.kanana.posttrain.lora.LoraConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;

/**
 * The job {@code dpo}: a policy is trained to prefer the answers that were preferred, by a loss of
 * the DPO family.
 */
public final class DpoJob implements Job<DpoConfig> {
  static final String NAME = "dpo";

  /** What a run that has begun may have left. */
  private static final String[] LEFT = {
    "checkpoints", "model", "tokenizer", "reference", "report.json"
  };

  private static final List<String> INPUTS =
      List.of("seed", "model", "reference", "data", "lora", "loss", "sft-weight");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Trains a model to prefer the better of two answers (DPO and its family).";
  }

  @Override
  public Class<DpoConfig> configType() {
    return DpoConfig.class;
  }

  @Override
  public JobPlan plan(DpoConfig config) {
    TensorBackends.checkName("compute.backend", config.compute().backend());
    JobPlan lines =
        JobPlan.empty()
            .with("policy", TrainingPlan.describe(config.model()))
            .with("reference", TrainingPlan.describe(config.referenceModel()))
            .with("run", config.train().until().toString());
    Optional<ModelConfig> policy = TrainingPlan.shape(config.model());
    if (policy.isEmpty()) {
      return lines;
    }
    int row = PairLimits.of(policy.get(), config.data().contextLength()).row();
    TrainingPlan plan =
        new TrainingPlan(
            config.compute(),
            config.train(),
            OptionalInt.of(row),
            config.lora().map(LoraConfig::shape));
    return reference(config)
        .map(shape -> plan.cost(lines, policy.get(), "reference", shape))
        .orElseGet(() -> plan.cost(lines, policy.get()));
  }

  /** Where it stays in memory beside the policy. */
  private static Optional<ModelConfig> reference(DpoConfig config) {
    return config.loss().usesReference() && config.evaluate().divergence()
        ? TrainingPlan.shape(config.referenceModel())
        : Optional.empty();
  }

  @Override
  public void run(DpoConfig config, JobContext context) {
    boolean begun = RunInputs.anyOf(context.output(), LEFT);
    new RunInputs(context, INPUTS, "checkpoints").keep(begun);
    try (ChatParent parent = ChatParent.open(config.model(), config.data().template());
        TensorBackend backend =
            TensorBackends.open(config.compute().backend(), config.compute().threadCount())) {
      new DpoRun(config, context, parent, backend).run();
    } catch (Stopped _) {
      // what was made so far is kept, and a resumed run goes on from it
    }
  }

  /** Those of the last measurement of held-out pairs. */
  @Override
  public SortedMap<String, Double> measurements(Path output) {
    return MetricsReader.last(WatchedTraining.metrics(output), "held-out");
  }
}
