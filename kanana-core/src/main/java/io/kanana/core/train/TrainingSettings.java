package io.kanana.core.train;

import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.optimize.DeepSeekLaw;
import io.kanana.core.optimize.LrSchedule;
import io.kanana.core.optimize.Optimizer;

/**
 * How a model that is there is trained on.
 *
 * @param until how long
 * @param sequencesPerStep windows of the batch of one update
 * @param microBatch windows that go through the model at once
 * @param maxGradientNorm gradients whose global norm is larger are scaled down to it
 * @param recompute layers are computed again in the backward pass instead of kept
 * @param optimizer the update
 * @param schedule the learning rate
 * @param evaluateEvery between two measurements
 * @param saveEvery between two checkpoints
 * @param keep how many of them stay
 * @param spikes steps that are skipped
 * @param maxConsecutiveSkips this many skipped steps in a row stop the run
 */
public record TrainingSettings(
    Duration until,
    int sequencesPerStep,
    int microBatch,
    double maxGradientNorm,
    boolean recompute,
    Optimizer.Config optimizer,
    LrSchedule.Config schedule,
    Duration evaluateEvery,
    Duration saveEvery,
    int keep,
    SpikeDetector.Config spikes,
    int maxConsecutiveSkips) {
  public TrainingSettings {
    check(sequencesPerStep, microBatch, maxGradientNorm, keep, maxConsecutiveSkips);
  }

  /** The rules, for other records with the same keys. */
  public static void check(
      int sequencesPerStep,
      int microBatch,
      double maxGradientNorm,
      int keep,
      int maxConsecutiveSkips) {
    Check.that(
        sequencesPerStep > 0, "sequences-per-step", "must be at least 1, got %s", sequencesPerStep);
    Check.that(microBatch > 0, "micro-batch", "must be at least 1, got %s", microBatch);
    Check.that(maxGradientNorm > 0, "max-gradient-norm", "must be > 0, got %s", maxGradientNorm);
    Check.that(keep > 0, "keep", "must be at least 1, got %s", keep);
    Check.that(
        maxConsecutiveSkips > 0,
        "max-consecutive-skips",
        "must be at least 1, got %s",
        maxConsecutiveSkips);
  }

  /** Windows of the batch of each update. */
  public BatchSizes batches() {
    return BatchSizes.constant(sequencesPerStep);
  }

  /** What happens when, in steps over these data. */
  public TrainingRun.Schedule steps(BatchSource data) {
    return new TrainingRun.Schedule(
        until.inSteps(data, batches()),
        evaluateEvery.inSteps(data, batches()),
        saveEvery.inSteps(data, batches()));
  }

  /**
   * The learning rate.
   *
   * @throws ConfigException under {@code schedule} if it does not fit into so many steps
   */
  public LrSchedule rates(long totalSteps) {
    try {
      return schedule.create(totalSteps);
    } catch (ConfigException e) {
      throw e.below("schedule");
    }
  }

  /**
   * The update in a run of this many steps, with nothing left to a law.
   *
   * @param contextLength positions of a window, which may be less than the model's
   */
  Optimizer.Config optimizer(ModelConfig model, long totalSteps, int contextLength) {
    long tokens = totalSteps * sequencesPerStep * contextLength;
    return lawful(optimizer, schedule, model, tokens);
  }

  /**
   * Settings of an optimizer with nothing left to a law.
   *
   * @param tokens of the run, which may be a stage of a longer one, as its schedule says
   */
  public static Optimizer.Config lawful(
      Optimizer.Config optimizer, LrSchedule.Config schedule, ModelConfig model, long tokens) {
    return optimizer.at(DeepSeekLaw.compute(model, tokens) / schedule.share());
  }

  Trainer.Config trainer() {
    return new Trainer.Config(
        batches(), microBatch, maxGradientNorm, recompute, maxConsecutiveSkips);
  }
}
