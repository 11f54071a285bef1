package io.kanana.pretrain.prune;

import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.optimize.LrSchedule;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.tensor.Divergence;
import io.kanana.core.tensor.TeacherRest;
import io.kanana.core.train.BatchSizes;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.Duration;
import io.kanana.core.train.SpikeDetector;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.Trainer;
import io.kanana.pretrain.distill.Distillation;
import io.kanana.pretrain.distill.LiveTeacher;
import io.kanana.pretrain.distill.LossConfig;
import io.kanana.pretrain.reshape.ReshapePlan;
import io.kanana.pretrain.reshape.ReshapedModel;
import java.util.Locale;
import java.util.Optional;

/**
 * Candidates by their loss on the calibration text after a short distillation from the parent
 * ({@code type: distillation}): right after pruning they may rank otherwise (Minitron, arXiv
 * 2407.14679, section 3.3). They learn from the windows behind the calibration text, all from the
 * same ones. A candidate that is being trained when the job is interrupted begins again; those
 * before it are not tried twice.
 */
public final class DistillationTrial implements CandidateTrial {
  /** The report's loss: the forward divergence of all tokens, at temperature 1, alone. */
  private static final LossConfig LOSS =
      new LossConfig(Divergence.FORWARD, 0.5, 1, 0, 0, 0, TeacherRest.BUCKET, Optional.empty());

  /** Nothing finite is refused: a trial is too short to know what is usual. */
  private static final SpikeDetector.Config NO_SPIKES = new SpikeDetector.Config(0, 2, 2);

  private static final int MOST_SKIPS = 10;

  /**
   * @param until how long each candidate is trained
   * @param sequencesPerStep windows of the batch of one update
   * @param microBatch windows that go through both models at once
   * @param optimizer the update
   * @param schedule the learning rate
   */
  public record Config(
      Duration until,
      int sequencesPerStep,
      int microBatch,
      Optimizer.Config optimizer,
      LrSchedule.Config schedule)
      implements CandidateTrial.Config {
    public Config {
      Check.that(
          sequencesPerStep > 0,
          "sequences-per-step",
          "must be at least 1, got %s",
          sequencesPerStep);
      Check.that(microBatch > 0, "micro-batch", "must be at least 1, got %s", microBatch);
    }

    @Override
    public CandidateTrial create() {
      return new DistillationTrial(this);
    }
  }

  private final Config config;

  private DistillationTrial(Config config) {
    this.config = config;
  }

  /**
   * {@inheritDoc}
   *
   * @throws ConfigException if there is not as much text behind the calibration text
   */
  @Override
  public double score(ReshapePlan plan, PruningTask task) {
    Calibration calibration = task.calibration();
    BatchSource text = calibration.windows().data();
    long steps = config.until.inSteps(text, BatchSizes.constant(config.sequencesPerStep));
    long first = calibration.windows().count();
    long needed = first + steps * config.sequencesPerStep;
    if (needed > text.epochLength()) {
      throw new ConfigException(
          "trial.until",
          String.format(
              Locale.ROOT,
              "must leave the %,d windows of the calibration text alone: with it %,d windows are needed, but there are %,d; try for less long, or give more text",
              first,
              needed,
              text.epochLength()));
    }
    double operations =
        (double) steps * config.sequencesPerStep * text.contextLength() * flopsPerToken(plan, task);
    return calibration.find(
        config.toString(), plan, operations, () -> trained(plan, calibration, first, steps));
  }

  private static double flopsPerToken(ReshapePlan plan, PruningTask task) {
    ModelConfig teacher = task.parent();
    int time = task.calibration().windows().data().contextLength();
    return plan.target(teacher).trainingFlopsPerToken(time)
        + teacher.trainingFlopsPerToken(time) / 3;
  }

  private double trained(ReshapePlan plan, Calibration calibration, long first, long steps) {
    ReshapedModel pruned = ReshapedModel.of(calibration.parent(), plan);
    try (Llama student = pruned.loadTrainable(calibration.backend(), calibration.precision());
        Optimizer optimizer =
            config.optimizer.create(calibration.backend(), student.parameters())) {
      Trainer trainer = trainer(student, optimizer, calibration, first, steps);
      for (long step = 1; step <= steps; step++) {
        calibration.tell(
            String.format(
                Locale.ROOT, "%s: step %,d of %,d", pruned.shape().describe(), step, steps));
        trainer.checkProgress(trainer.step());
      }
      return calibration.loss(student);
    }
  }

  private Trainer trainer(
      Llama student, Optimizer optimizer, Calibration calibration, long first, long steps) {
    return new Trainer(
        student,
        optimizer,
        config.schedule.create(steps),
        new Distillation(LOSS, new LiveTeacher(calibration.model(), LOSS)),
        new Behind(calibration.windows().data(), first),
        new SpikeDetector(NO_SPIKES),
        new Trainer.Config(config.sequencesPerStep, config.microBatch, 1, false, MOST_SKIPS),
        System::nanoTime);
  }

  /** The sequences of a source from one on. */
  private record Behind(BatchSource all, long first) implements BatchSource {
    @Override
    public int contextLength() {
      return all.contextLength();
    }

    @Override
    public long epochLength() {
      return all.epochLength() - first;
    }

    @Override
    public TokenBatch batch(long firstSequence, int rows) {
      return all.batch(first + firstSequence, rows);
    }

    @Override
    public String fingerprint() {
      return all.fingerprint();
    }
  }
}
