package io.kanana.posttrain.online;

import io.kanana.core.error.ConfigException;
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
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;

/**
 * The job {@code online-dpo}: a policy answers questions several times, a reward says which answer
 * is best and which worst, and the policy learns from the two; the reference stays as it is (the
 * Kanana report, section 3.3.3).
 */
public final class OnlineDpoJob implements Job<OnlineDpoConfig> {
  static final String NAME = "online-dpo";

  /** What a run that has begun may have left. */
  private static final String[] LEFT = {
    "checkpoints", "model", "tokenizer", "pairs.jsonl", "report.json"
  };

  private static final List<String> INPUTS =
      List.of("seed", "model", "reference", "data", "answers", "reward", "loss", "sft-weight");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Trains a model on the best and the worst of its own answers.";
  }

  @Override
  public Class<OnlineDpoConfig> configType() {
    return OnlineDpoConfig.class;
  }

  @Override
  public JobPlan plan(OnlineDpoConfig config) {
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
    checkContext(config, policy.get());
    TrainingPlan plan =
        new TrainingPlan(config.compute(), config.train(), OptionalInt.of(config.contextLength()));
    ModelConfig reference = TrainingPlan.shape(config.referenceModel()).orElse(policy.get());
    return plan.cost(lines, policy.get(), "reference", reference);
  }

  static void checkContext(OnlineDpoConfig config, ModelConfig policy) {
    if (config.longestAnswer() > policy.contextLength()) {
      throw new ConfigException(
          "answers.max-new-tokens",
          "must leave a question with its answer, "
              + config.longestAnswer()
              + " tokens, within the model's context of "
              + policy.contextLength()
              + "; lower it or data.max-prompt-tokens");
    }
  }

  @Override
  public void run(OnlineDpoConfig config, JobContext context) {
    boolean begun = RunInputs.anyOf(context.output(), LEFT);
    new RunInputs(context, INPUTS, "checkpoints").keep(begun);
    try (ChatParent parent = ChatParent.open(config.model(), config.data().template());
        TensorBackend backend =
            TensorBackends.open(config.compute().backend(), config.compute().threadCount())) {
      new OnlineDpoRun(config, context, parent, backend).run();
    } catch (Stopped _) {
      // what was made so far is kept, and a resumed run goes on from it
    }
  }

  /** Those of the last measurement of held-out questions. */
  @Override
  public SortedMap<String, Double> measurements(Path output) {
    return MetricsReader.last(WatchedTraining.metrics(output), "held-out");
  }
}
