package io.kanana.core.train;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Reason;
import io.kanana.core.job.JobContext;
import io.kanana.core.model.Llama;
import io.kanana.core.model.Precision;
import io.kanana.core.optimize.LrSchedule;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.tensor.TensorBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Trains a model that is there on, in a directory of the run's own: metrics, checkpoints, and the
 * last model. Goes on from the newest checkpoint there is.
 */
public final class ContinuedTraining {
  private final JobContext context;
  private final TensorBackend backend;
  private final Precision precision;
  private final Path output;
  private final String section;
  private final TrainingSettings settings;
  private final Optional<CheckpointProbe> probe;

  /**
   * @param output where the run goes
   * @param section of the configuration that has the settings
   * @param probe what measures checkpoints, if anything
   */
  public ContinuedTraining(
      JobContext context,
      TensorBackend backend,
      Precision precision,
      Path output,
      String section,
      TrainingSettings settings,
      Optional<CheckpointProbe> probe) {
    this.context = context;
    this.backend = backend;
    this.precision = precision;
    this.output = output;
    this.section = section;
    this.settings = settings;
    this.probe = probe;
  }

  /**
   * Trains to the end, or until the job is asked to stop; true if it came to the end.
   *
   * @param start the model; it begins unless the run has a checkpoint
   * @param origin what goes into every checkpoint
   */
  public boolean run(
      Beginning start,
      TrainingObjective objective,
      BatchSource data,
      HeldOut heldOut,
      RunCheckpoints.Origin origin) {
    makeOutput();
    TrainingRun.Schedule schedule = settings.steps(data);
    LrSchedule rates = rates(schedule.totalSteps());
    try (Llama model = start.make(precision, backend);
        Optimizer optimizer =
            settings
                .optimizer(start.shape(), schedule.totalSteps(), data.contextLength())
                .create(backend, Trainer.parameters(model, objective))) {
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
              start.files(model).with(objective, backend),
              model,
              optimizer,
              origin,
              settings.keep(),
              context.progress()::line,
              context.clock());
      checkpoints
          .restoreLatest()
          .ifPresentOrElse(trainer::restore, () -> start.begin(model, optimizer));
      schedule.checkReachable(trainer.state().step());
      return new WatchedTraining(context, output, trainer, probe)
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

  private void makeOutput() {
    try {
      Files.createDirectories(output);
    } catch (IOException e) {
      throw new CheckpointException(output + ": cannot be made: " + Reason.of(e), e);
    }
  }
}
