package io.kanana.posttrain.preference;

import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.RunInputs;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.ModelHead;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.train.MetricsReader;
import io.kanana.core.train.ParentModel;
import io.kanana.core.train.TrainingPlan;
import io.kanana.core.train.WatchedTraining;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;

/**
 * The job {@code reward}: a language model becomes a reward model, which scores answers, by
 * learning from pairs of a better and a worse one.
 */
public final class RewardJob implements Job<RewardConfig> {
  static final String NAME = "reward";

  private static final List<String> INPUTS = List.of("seed", "model", "data", "loss");

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
    JobPlan lines =
        JobPlan.empty()
            .with("model", TrainingPlan.describe(config.model()))
            .with("run", config.train().until().toString());
    Optional<ModelConfig> model = TrainingPlan.shape(config.model());
    return model.map(shape -> withCost(lines, config, shape)).orElse(lines);
  }

  private static JobPlan withCost(JobPlan lines, RewardConfig config, ModelConfig shape) {
    int row = PairLimits.of(shape, config.data().contextLength()).row();
    String parameters = String.format(Locale.ROOT, "%,d", ModelHead.SCORE.parameterCount(shape));
    return new TrainingPlan(config.compute(), config.train(), OptionalInt.of(row))
        .cost(lines.with("parameters", parameters), shape, ModelHead.SCORE);
  }

  @Override
  public void run(RewardConfig config, JobContext context) {
    boolean begun = RunInputs.anyOf(context.output(), "checkpoints", "model", "tokenizer", "pairs");
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
