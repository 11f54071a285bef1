package io.kanana.pretrain.upscale;

import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Reason;
import io.kanana.core.job.JobContext;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.optimize.DeepSeekLaw;
import io.kanana.core.optimize.LrSchedule;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.HeldOutLoss;
import io.kanana.core.train.RunCheckpoints;
import io.kanana.core.train.SpikeDetector;
import io.kanana.core.train.Trainer;
import io.kanana.core.train.TrainingRun;
import io.kanana.pretrain.StartingPoint;
import io.kanana.pretrain.WatchedTraining;
import io.kanana.pretrain.reshape.ReshapeReport;
import io.kanana.pretrain.reshape.TextStage.Text;
import io.kanana.pretrain.upscale.UpscaleConfig.Recovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Trains an up-scaled model until its loss is back, in a run of its own below the job's output:
 * {@code recovery/}, with metrics, checkpoints and the last model.
 */
final class RecoveryStage {
  private final UpscaleConfig config;
  private final Recovery recovery;
  private final JobContext context;
  private final TensorBackend backend;
  private final Path output;

  RecoveryStage(UpscaleConfig config, JobContext context, TensorBackend backend) {
    this.config = config;
    this.recovery = config.recovery();
    this.context = context;
    this.backend = backend;
    this.output = context.output().resolve("recovery");
  }

  /** The metrics of the training. */
  Path metrics() {
    return WatchedTraining.metrics(output);
  }

  /** True if it came to its end. */
  boolean run(Path start, Text text, ReshapeReport.HeldOut heldOut) {
    makeOutput();
    BatchSource data = text.shuffled(RandomKey.of(config.seed()).child("data").value());
    TrainingRun.Schedule schedule = schedule(data);
    HuggingFaceConfig begun = HuggingFaceConfig.read(start.resolve(HuggingFaceConfig.FILE));
    double compute = compute(begun.model(), schedule.totalSteps());
    try (Llama model = Llama.trainable(begun.model(), config.compute().precision(), backend);
        Optimizer optimizer =
            recovery.optimizer().at(compute).create(backend, model.parameters())) {
      Trainer trainer = trainer(model, optimizer, data, rates(schedule.totalSteps()));
      RunCheckpoints checkpoints = checkpoints(model, optimizer, begun, start, text);
      checkpoints
          .restoreLatest()
          .ifPresentOrElse(
              trainer::restore,
              () -> new StartingPoint(start, config.optimizerState()).read(model, optimizer));
      schedule.checkReachable(trainer.state().step());
      HeldOutLoss loss = new HeldOutLoss(heldOut.data(), heldOut.microBatch(), heldOut.windows());
      return new WatchedTraining(context, output, trainer, Optional.empty())
          .run(loss, checkpoints, schedule);
    }
  }

  /** FLOPs as {@link DeepSeekLaw} counts them. */
  private double compute(ModelConfig model, long steps) {
    double tokens = (double) steps * recovery.sequencesPerStep() * model.contextLength();
    return DeepSeekLaw.flopsPerToken(model.layers(), model.hiddenSize(), model.contextLength())
        * tokens
        / recovery.schedule().share();
  }

  private void makeOutput() {
    try {
      Files.createDirectories(output);
    } catch (IOException e) {
      throw new CheckpointException(output + ": cannot be made: " + Reason.of(e), e);
    }
  }

  private TrainingRun.Schedule schedule(BatchSource data) {
    int rows = recovery.sequencesPerStep();
    return new TrainingRun.Schedule(
        recovery.until().orElseThrow().inSteps(data, rows),
        recovery.evaluateEvery().inSteps(data, rows),
        recovery.saveEvery().inSteps(data, rows));
  }

  private LrSchedule rates(long totalSteps) {
    try {
      return recovery.schedule().create(totalSteps);
    } catch (ConfigException e) {
      throw e.below("recovery.schedule");
    }
  }

  private Trainer trainer(Llama model, Optimizer optimizer, BatchSource data, LrSchedule rates) {
    Trainer.Config settings =
        new Trainer.Config(
            recovery.sequencesPerStep(),
            recovery.microBatch(),
            recovery.maxGradientNorm(),
            recovery.recompute(),
            recovery.maxConsecutiveSkips());
    return new Trainer(
        model,
        optimizer,
        rates,
        recovery.objective().create(),
        data,
        new SpikeDetector(recovery.spikes()),
        settings,
        System::nanoTime);
  }

  private RunCheckpoints checkpoints(
      Llama model, Optimizer optimizer, HuggingFaceConfig begun, Path start, Text text) {
    RunCheckpoints.Origin origin =
        new RunCheckpoints.Origin(
            UpscaleJob.NAME,
            context.output().resolve("tokenizer"),
            List.of(text.trainDirectory()),
            begun.tokens(),
            context.configYaml(),
            Optional.of(start));
    return new RunCheckpoints(
        output,
        model,
        optimizer,
        origin,
        recovery.keep(),
        context.progress()::line,
        context.clock());
  }
}
