package io.kanana.core.optimize;

import io.kanana.core.error.ConfigException;
import java.util.Locale;

/** The beginning and the end that schedules have in common. */
final class Warmup {
  private Warmup() {}

  /** Rises linearly from 0 to 1 over {@code steps}, then follows {@code rest}. */
  static LrSchedule before(LrSchedule rest, long steps) {
    return step -> step < steps ? (double) step / steps : rest.factor(step);
  }

  /** The warm-up in updates. */
  static long steps(Span warmup, long totalSteps) {
    long steps = warmup.inSteps(totalSteps);
    if (steps > totalSteps) {
      throw new ConfigException(
          "warmup",
          String.format(
              Locale.ROOT,
              "%s is longer than the run of %d steps; shorten it or give a share",
              warmup,
              totalSteps));
    }
    return steps;
  }

  /**
   * How far {@code step} is from {@code from} to {@code to}, in [0, 1]; steps after a run's end
   * stay at 1.
   */
  static double progress(long step, long from, long to) {
    return step >= to ? 1 : Math.max(0, (double) (step - from) / (to - from));
  }
}
