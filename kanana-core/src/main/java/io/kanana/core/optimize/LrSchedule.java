package io.kanana.core.optimize;

/**
 * The learning rate of each step as a share of the peak rate: a pure function of the step's number.
 * A step that was skipped counts, so skipping never makes a run longer or its data uneven.
 *
 * <p>Steps count from 1, so that the first one after a warm-up of W steps begins at 1 / W and not
 * at 0 (transformers' update number t uses the value at t - 1).
 */
@FunctionalInterface
public interface LrSchedule {
  /** A schedule's settings. */
  interface Config {
    /** The schedule of a run of this many steps. */
    LrSchedule create(long totalSteps);

    /** How much of its whole run a stage with this schedule is, in (0, 1]. */
    default double share() {
      return 1;
    }
  }

  /**
   * The factor of the peak rate, at least 0.
   *
   * @param step its number, from 1
   */
  double factor(long step);
}
