package io.kanana.core.train;

import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
  public record Schedule(long totalSteps, long evaluateEvery, long saveEvery) {
    public Schedule {
      Check.that(totalSteps > 0, "total-steps", "must be at least 1, got %s", totalSteps);
      Check.that(evaluateEvery > 0, "evaluate-every", "must be at least 1, got %s", evaluateEvery);
      Check.that(saveEvery > 0, "save-every", "must be at least 1, got %s", saveEvery);
    }

    /**
     * Refuses a run that is beyond its end.
     *
     * @param step where the run stands
     * @throws ConfigException if it does
     */
    public void checkReachable(long step) {
      if (step > totalSteps) {
        throw new ConfigException(
            "",
            String.format(
                Locale.ROOT,
                "the run has made %d steps and cannot end at step %d; let it be longer, or give another output",
                step,
                totalSteps));
      }
    }
  }

  /** Writes checkpoints of a run. */
  public interface Checkpoints {
    /**
     * Writes one and returns its directory; {@code last} tells the run's own end from a stop on the
     * way.
     */
    Path save(TrainingState state, boolean last);

    /** Whether the run's own end was written in this state. */
    boolean hasEnd(TrainingState state);
  }

  private final Trainer trainer;
  private final HeldOut heldOut;
  private final Checkpoints checkpoints;
  private final Schedule schedule;
  private final TrainingListener listeners;
  private final BooleanSupplier stopRequested;

  public TrainingRun(
      Trainer trainer,
      HeldOut heldOut,
      Checkpoints checkpoints,
      Schedule schedule,
      List<? extends TrainingListener> listeners,
      BooleanSupplier stopRequested) {
    this.trainer = trainer;
    this.heldOut = heldOut;
    this.checkpoints = checkpoints;
    this.schedule = schedule;
    this.listeners = new Listeners(List.copyOf(listeners));
    this.stopRequested = stopRequested;
  }

  /**
   * Runs to the end, or to the step at which a stop was requested; true if it reached the end. A
   * resumed run that stands at its end already, because it was made shorter, is ended there.
   *
   * @throws ConfigException if the run has gone beyond its end
   */
  public boolean run() {
    schedule.checkReachable(trainer.state().step());
    if (trainer.state().step() == schedule.totalSteps) {
      end();
    }
    while (trainer.state().step() < schedule.totalSteps) {
      StepReport report = trainer.step();
      listeners.stepped(report);
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

  /** What the last step leaves, after a checkpoint on the way that turned out to be the end. */
  private void end() {
    long step = trainer.state().step();
    if (checkpoints.hasEnd(trainer.state())) {
      return;
    }
    if (step % schedule.evaluateEvery != 0) {
      evaluate(step);
    }
    save(true);
  }

  private void evaluate(long step) {
    heldOut.measure(trainer.model(), step, listeners);
  }

  private void save(boolean last) {
    Path checkpoint = checkpoints.save(trainer.state(), last);
    listeners.saved(trainer.state().step(), checkpoint);
  }
}
