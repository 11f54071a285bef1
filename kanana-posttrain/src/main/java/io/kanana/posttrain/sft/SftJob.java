package io.kanana.posttrain.sft;

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
import java.util.SortedMap;

/** The job {@code sft}: a model learns to say what the assistant says in conversations. */
public final class SftJob implements Job<SftConfig> {
  static final String NAME = "sft";

  /** What a run that has begun may have left. */
  private static final String[] LEFT = {
    "tokens", "checkpoints", "model", "tokenizer", "report.json"
  };

  private static final List<String> INPUTS =
      List.of("seed", "model", "data", "context-length", "neftune-alpha", "lora");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Trains a model on what the assistant says in conversations.";
  }

  @Override
  public Class<SftConfig> configType() {
    return SftConfig.class;
  }

  @Override
  public JobPlan plan(SftConfig config) {
    TensorBackends.checkName("compute.backend", config.compute().backend());
    JobPlan lines =
        JobPlan.empty()
            .with("model", TrainingPlan.describe(config.model()))
            .with("run", config.train().until().toString());
    Optional<ModelConfig> model = TrainingPlan.shape(config.model());
    TrainingPlan plan =
        new TrainingPlan(
            config.compute(),
            config.train(),
            config.contextLength(),
            config.lora().map(LoraConfig::shape));
    return model.map(shape -> plan.cost(lines, shape)).orElse(lines);
  }

  @Override
  public void run(SftConfig config, JobContext context) {
    boolean begun = RunInputs.anyOf(context.output(), LEFT);
    new RunInputs(context, INPUTS, "tokens and checkpoints").keep(begun);
    try (ChatParent parent = ChatParent.open(config.model(), config.data().template());
        TensorBackend backend =
            TensorBackends.open(config.compute().backend(), config.compute().threadCount())) {
      new SftRun(config, context, parent, backend).run();
    } catch (Stopped _) {
      // what was made so far is kept, and a resumed run goes on from it
    }
  }

  /** Those of the last measurement of held-out conversations. */
  @Override
  public SortedMap<String, Double> measurements(Path output) {
    return MetricsReader.last(WatchedTraining.metrics(output), "held-out");
  }
}
