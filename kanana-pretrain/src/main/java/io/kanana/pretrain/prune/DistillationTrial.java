package io.kanana.pretrain.prune;

import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.NumericalException;
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
import io.kanana.core.train.Trainer;
import io.kanana.core.train.TrainingSettings;
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

  /** A step that is not finite ends the trial. */
  private static final int MOST_SKIPS = 1;

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

    private LrSchedule rates(long steps) {
      try {
        return schedule.create(steps);
      } catch (ConfigException e) {
        throw e.below("trial.schedule");
      }
    }

    @Override
    public double operations(ModelConfig parent, ModelConfig candidate, int contextLength) {
      long steps = until.inSteps(contextLength, BatchSizes.constant(sequencesPerStep)).orElse(0);
      if (steps > 0) {
        rates(steps); // one that does not fit is refused
      }
      return flops(steps, parent, candidate, contextLength);
    }

    /** As {@link Distillation} and {@link LiveTeacher} count them. */
    private double flops(long steps, ModelConfig parent, ModelConfig student, int time) {
      double perToken =
          student.trainingFlopsPerToken(time) + parent.trainingFlopsPerToken(time) / 3;
      return (double) steps * sequencesPerStep * time * perToken;
    }

    private Optimizer.Config optimizer(ModelConfig student, long tokens) {
      return TrainingSettings.lawful(optimizer, schedule, student, tokens);
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
   * @throws NumericalException naming the candidate, if training it comes to nothing
   */
  @Override
  public double score(ReshapePlan plan, PruningTask task) {
    Calibration calibration = task.calibration();
    Calibration.Windows windows = calibration.windows();
    BatchSource text = new LaterWindows(windows.data(), windows.count());
    long steps = steps(text, windows.count());
    ModelConfig parent = task.parent();
    return calibration.find(
        config.toString(),
        plan,
        config.flops(steps, parent, plan.target(parent), text.contextLength()),
        () -> trained(plan, calibration, text, steps));
  }

  /** An epoch ends with the last step that is whole, so that no window comes twice. */
  private long steps(BatchSource text, long before) {
    long most = text.epochLength() / config.sequencesPerStep;
    if (most > 0) {
      long steps = config.until.inSteps(text, BatchSizes.constant(config.sequencesPerStep));
      if (steps <= most || config.until.epochs().orElse(2) <= 1) {
        return Math.min(steps, most);
      }
    }
    throw new ConfigException(
        "trial.until",
        String.format(
            Locale.ROOT,
            "must end within the %,d windows that are left behind the %,d of the calibration text, %d in a step; try for less long, lower calibration.windows, or give more text",
            text.epochLength(),
            before,
            config.sequencesPerStep));
  }

  private double trained(ReshapePlan plan, Calibration calibration, BatchSource text, long steps) {
    ReshapedModel pruned = ReshapedModel.of(calibration.parent(), plan);
    String name = "candidate " + pruned.shape().describe();
    long tokens = steps * config.sequencesPerStep * text.contextLength();
    try (Llama student = pruned.loadTrainable(calibration.backend(), calibration.precision());
        Optimizer optimizer =
            config
                .optimizer(pruned.shape(), tokens)
                .create(calibration.backend(), student.parameters())) {
      Trainer trainer = trainer(student, optimizer, calibration, text, steps);
      for (long step = 1; step <= steps; step++) {
        calibration.tell(String.format(Locale.ROOT, "%s: step %,d of %,d", name, step, steps));
        trainer.checkProgress(trainer.step());
      }
      double loss = calibration.loss(student);
      if (!Double.isFinite(loss)) {
        throw new NumericalException("the loss after it is " + loss);
      }
      return loss;
    } catch (NumericalException e) {
      throw e.within("strategy.trial.optimizer: " + name);
    }
  }

  private Trainer trainer(
      Llama student, Optimizer optimizer, Calibration calibration, BatchSource text, long steps) {
    return new Trainer(
        student,
        optimizer,
        config.rates(steps),
        new Distillation(LOSS, new LiveTeacher(calibration.model(), LOSS)),
        text,
        new SpikeDetector(NO_SPIKES),
        new Trainer.Config(config.sequencesPerStep, config.microBatch, 1, false, MOST_SKIPS),
        calibration.nanoTime());
  }
}
