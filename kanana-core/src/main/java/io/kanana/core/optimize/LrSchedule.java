package io.kanana.core.optimize;

/**
 * The learning rate of each update as a share of the peak rate: a pure function of the update's
 * number.
 *
 * <p>Updates count from 1, so that the first one after a warm-up of W steps begins at 1 / W and not
 * at 0 (transformers' update number t uses the value at t - 1).
 */
@FunctionalInterface
public interface LrSchedule {
  /** A schedule's settings. */
  interface Config {
    /** The schedule of a run of this many steps. */
    LrSchedule create(long totalSteps);
  }

  /**
   * The factor of the peak rate, at least 0.
   *
   * @param step the update's number, from 1
   */
  double factor(long step);
}
