package io.kanana.pretrain.upscale;

import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.job.JobContext;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.Beginning;
import io.kanana.core.train.ContinuedTraining;
import io.kanana.core.train.HeldOutLoss;
import io.kanana.core.train.RunCheckpoints;
import io.kanana.core.train.WatchedTraining;
import io.kanana.pretrain.OptimizerState;
import io.kanana.pretrain.reshape.ReshapeReport;
import io.kanana.pretrain.reshape.TextStage.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Trains an up-scaled model until its loss is back, in a run of its own below the job's output:
 * {@code recovery/}.
 */
final class RecoveryStage {
  private final UpscaleConfig config;
  private final JobContext context;
  private final TensorBackend backend;
  private final Path output;

  RecoveryStage(UpscaleConfig config, JobContext context, TensorBackend backend) {
    this.config = config;
    this.context = context;
    this.backend = backend;
    this.output = directory(context.output());
  }

  private static Path directory(Path job) {
    return job.resolve("recovery");
  }

  /** The metrics of the training below a job's output. */
  static Path metrics(Path job) {
    return WatchedTraining.metrics(directory(job));
  }

  /** True if it came to its end. */
  boolean run(Path start, Text text, ReshapeReport.HeldOut heldOut) {
    ContinuedTraining training =
        new ContinuedTraining(
            context,
            backend,
            config.compute().precision(),
            output,
            "recovery",
            config.recovery().settings(),
            Optional.empty());
    try (HuggingFaceModel stored = HuggingFaceModel.open(start)) {
      return training.run(
          Beginning.of(stored, optimizer -> recall(start, optimizer)),
          config.recovery().objective().create(),
          text.shuffled(RandomKey.of(config.seed()).child("data").value()),
          new HeldOutLoss(heldOut.data(), heldOut.microBatch(), heldOut.windows()),
          origin(stored, start, text));
    }
  }

  private void recall(Path start, Optimizer optimizer) {
    if (config.optimizerState() == OptimizerState.COPY) {
      RunCheckpoints.continueOptimizer(start, optimizer, backend);
    }
  }

  private RunCheckpoints.Origin origin(HuggingFaceModel stored, Path start, Text text) {
    return new RunCheckpoints.Origin(
        UpscaleJob.NAME,
        context.output().resolve("tokenizer"),
        List.of(text.trainDirectory()),
        stored.config().tokens(),
        context.configYaml(),
        List.of(RunCheckpoints.Ancestor.of(start)));
  }
}
