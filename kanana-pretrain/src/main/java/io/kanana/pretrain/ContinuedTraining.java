package io.kanana.pretrain;

import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.ModelWeights;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Reason;
import io.kanana.core.job.JobContext;
import io.kanana.core.model.Llama;
import io.kanana.core.model.Precision;
import io.kanana.core.optimize.LrSchedule;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.HeldOutLoss;
import io.kanana.core.train.RunCheckpoints;
import io.kanana.core.train.SpikeDetector;
import io.kanana.core.train.Trainer;
import io.kanana.core.train.TrainingObjective;
import io.kanana.core.train.TrainingRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Trains a model that is there on, in a directory of the run's own: metrics, checkpoints, and the
 * last model. Goes on from the newest checkpoint there is.
 */
public final class ContinuedTraining {
  /** What becomes of an optimizer before the first step. */
  public interface Begin {
    /** Leaves it new. */
    Begin NEW = _ -> {};

    void prepare(Optimizer optimizer);
  }

  private final JobContext context;
  private final TensorBackend backend;
  private final Precision precision;
  private final Path output;
  private final String section;
  private final TrainingSettings settings;

  /**
   * @param output where the run goes
   * @param section of the configuration that has the settings
   */
  public ContinuedTraining(
      JobContext context,
      TensorBackend backend,
      Precision precision,
      Path output,
      String section,
      TrainingSettings settings) {
    this.context = context;
    this.backend = backend;
    this.precision = precision;
    this.output = output;
    this.section = section;
    this.settings = settings;
  }

  /**
   * Trains to the end, or until the job is asked to stop; true if it came to the end.
   *
   * @param start the model; its weights are read unless the run has a checkpoint
   * @param origin what goes into every checkpoint
   */
  public boolean run(
      HuggingFaceModel start,
      Begin begin,
      TrainingObjective objective,
      BatchSource data,
      HeldOutLoss heldOut,
      RunCheckpoints.Origin origin) {
    makeOutput();
    TrainingRun.Schedule schedule = settings.steps(data);
    LrSchedule rates = rates(schedule.totalSteps());
    try (Llama model = Llama.trainable(start.config().model(), precision, backend);
        Optimizer optimizer =
            settings
                .optimizer(start.config().model(), schedule.totalSteps())
                .create(backend, model.parameters())) {
      Trainer trainer =
          new Trainer(
              model,
              optimizer,
              rates,
              objective,
              data,
              new SpikeDetector(settings.spikes()),
              settings.trainer(),
              System::nanoTime);
      RunCheckpoints checkpoints =
          new RunCheckpoints(
              output,
              model,
              optimizer,
              origin,
              settings.keep(),
              context.progress()::line,
              context.clock());
      checkpoints
          .restoreLatest()
          .ifPresentOrElse(trainer::restore, () -> begin(start, begin, model, optimizer));
      schedule.checkReachable(trainer.state().step());
      return new WatchedTraining(context, output, trainer, Optional.empty())
          .run(heldOut, checkpoints, schedule);
    }
  }

  private LrSchedule rates(long totalSteps) {
    try {
      return settings.rates(totalSteps);
    } catch (ConfigException e) {
      throw e.below(section);
    }
  }

  private static void begin(HuggingFaceModel start, Begin begin, Llama model, Optimizer optimizer) {
    ModelWeights.read(start.tensors(), model);
    begin.prepare(optimizer);
  }

  private void makeOutput() {
    try {
      Files.createDirectories(output);
    } catch (IOException e) {
      throw new CheckpointException(output + ": cannot be made: " + Reason.of(e), e);
    }
  }
}
