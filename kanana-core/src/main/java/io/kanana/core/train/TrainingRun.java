package io.kanana.core.train;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A trainer's steps from where it stands to the end, with what happens between them: reports to
 * listeners, held-out measurements and checkpoints on schedule. Not safe for use by several
 * threads.
 */
public final class TrainingRun {
  /**
   * What happens when, in steps.
   *
   * @param totalSteps the step that ends the run
   * @param evaluateEvery steps between measurements of held-out data; there is one at the end too
   * @param saveEvery steps between checkpoints; there is one at the end, and where the run stops
   *     early
   */
  public record Schedule(long totalSteps, long evaluateEvery, long saveEvery) {}

  /** Writes checkpoints of a run. */
  @FunctionalInterface
  public interface Checkpoints {
    /**
     * Writes one and returns its directory; {@code last} tells the run's own end from a stop on the
     * way.
     */
    Path save(TrainingState state, boolean last);
  }

  private final Trainer trainer;
  private final HeldOutLoss heldOut;
  private final Checkpoints checkpoints;
  private final Schedule schedule;
  private final List<TrainingListener> listeners;
  private final BooleanSupplier stopRequested;

  public TrainingRun(
      Trainer trainer,
      HeldOutLoss heldOut,
      Checkpoints checkpoints,
      Schedule schedule,
      List<? extends TrainingListener> listeners,
      BooleanSupplier stopRequested) {
    this.trainer = trainer;
    this.heldOut = heldOut;
    this.checkpoints = checkpoints;
    this.schedule = schedule;
    this.listeners = List.copyOf(listeners);
    this.stopRequested = stopRequested;
  }

  /** Runs to the end, or to the step at which a stop was requested; true if it reached the end. */
  public boolean run() {
    while (trainer.state().step() < schedule.totalSteps) {
      StepReport report = trainer.step();
      listeners.forEach(listener -> listener.stepped(report));
      long step = report.step();
      boolean last = step == schedule.totalSteps;
      boolean stopped = stopRequested.getAsBoolean() || trainer.isStuck();
      if (last || step % schedule.evaluateEvery == 0) {
        evaluate(step);
      }
      if (last || stopped || step % schedule.saveEvery == 0) {
        save(last);
      }
      trainer.checkProgress(report);
      if (stopped && !last) {
        return false;
      }
    }
    return true;
  }

  private void evaluate(long step) {
    HeldOutReport report = heldOut.measure(trainer.model(), step);
    listeners.forEach(listener -> listener.evaluated(report));
  }

  private void save(boolean last) {
    Path checkpoint = checkpoints.save(trainer.state(), last);
    listeners.forEach(listener -> listener.saved(trainer.state().step(), checkpoint));
  }
}
