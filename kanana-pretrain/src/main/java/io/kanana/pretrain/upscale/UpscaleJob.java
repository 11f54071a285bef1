package io.kanana.pretrain.upscale;

import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.RunInputs;
import io.kanana.core.job.Stopped;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.train.BatchSizes;
import io.kanana.core.train.Duration;
import io.kanana.core.train.MetricsReader;
import io.kanana.core.train.ParentModel;
import io.kanana.pretrain.reshape.ReshapePlan;
import io.kanana.pretrain.reshape.ReshapeReport;
import io.kanana.pretrain.reshape.TextStage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The job {@code upscale}: a checkpoint to a deeper one made of its layers, what that does to its
 * loss, and, where asked for, the training that brings it back.
 */
public final class UpscaleJob implements Job<UpscaleConfig> {
  static final String NAME = "upscale";

  private static final List<String> INPUTS =
      List.of("seed", "model", "layers", "identity", "optimizer-state", "data");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Makes a deeper checkpoint by stacking a model's layers.";
  }

  @Override
  public Class<UpscaleConfig> configType() {
    return UpscaleConfig.class;
  }

  @Override
  public JobPlan plan(UpscaleConfig config) {
    TensorBackends.checkName("compute.backend", config.compute().backend());
    Path file = config.model().resolve(HuggingFaceConfig.FILE);
    if (!Files.exists(file)) {
      return JobPlan.empty().with("parent", "not there yet: " + config.model());
    }
    ModelConfig parent = HuggingFaceConfig.read(file).model();
    ReshapePlan plan = config.layers().plan(parent, config.identity());
    ModelConfig deeper = plan.target(parent);
    JobPlan lines =
        JobPlan.empty()
            .with("parent", parent.describe())
            .with("up-scaled", deeper.describe())
            .with("layers", plan.sources().toString());
    if (plan.silent().size() > 0) {
      lines = lines.with("silent at first", plan.silent().toString());
    }
    return withRecovery(lines, config, deeper);
  }

  private static JobPlan withRecovery(JobPlan lines, UpscaleConfig config, ModelConfig shape) {
    Optional<Duration> until = config.recovery().until();
    if (until.isEmpty()) {
      return lines;
    }
    int window = config.data().contextLength().orElse(shape.contextLength());
    JobPlan more = lines.with("recovery", until.get().toString());
    BatchSizes batches = BatchSizes.constant(config.recovery().sequencesPerStep());
    return until.get().inSteps(window, batches).stream()
        .mapToObj(steps -> flops(steps, config, shape, window))
        .findFirst()
        .map(flops -> more.with("operations", flops))
        .orElse(more);
  }

  private static String flops(long steps, UpscaleConfig config, ModelConfig shape, int window) {
    config.recovery().schedule().create(steps); // a schedule that does not fit is refused
    double tokens = (double) steps * config.recovery().sequencesPerStep() * window;
    return String.format(Locale.ROOT, "%.3g FLOP", tokens * shape.trainingFlopsPerToken(window));
  }

  @Override
  public void run(UpscaleConfig config, JobContext context) {
    try (ParentModel parent = ParentModel.open(config.model())) {
      run(config, context, parent);
    } catch (Stopped _) {
      // what was made so far is kept, and a resumed run goes on from it
    }
  }

  /** The deeper model's: at the end of the recovery, where there was one. */
  @Override
  public SortedMap<String, Double> measurements(Path output) {
    Path recovery = RecoveryStage.metrics(output);
    return Files.exists(recovery)
        ? MetricsReader.last(recovery, "held-out")
        : ReshapeReport.measurements(output);
  }

  private static void run(UpscaleConfig config, JobContext context, ParentModel parent) {
    TextStage texts = new TextStage(config.data(), config.compute().threadCount(), context);
    new RunInputs(context, INPUTS, "tokens and model")
        .keep(texts.isDone() || UpscaleRun.isBegun(context.output()));
    try (TextStage.Text text = texts.run(parent).orElse(null);
        TensorBackend backend =
            TensorBackends.open(config.compute().backend(), config.compute().threadCount())) {
      new UpscaleRun(config, context, parent, backend, Optional.ofNullable(text)).run();
    }
  }
}
