package io.kanana.core.optimize;

import io.kanana.core.config.Check;

/**
 * Linear warm-up, then a straight line down to a share of the peak at the last update.
 *
 * @param warmup its length
 * @param finalFactor the share of the peak rate at the last update
 */
public record WarmupLinear(Span warmup, double finalFactor) implements LrSchedule.Config {
  public WarmupLinear {
    Check.that(
        0 <= finalFactor && finalFactor <= 1,
        "final-factor",
        "must be in [0, 1], got %s",
        finalFactor);
  }

  @Override
  public LrSchedule create(long totalSteps) {
    long start = Warmup.steps(warmup, totalSteps);
    return Warmup.before(
        step -> 1 - (1 - finalFactor) * Warmup.progress(step, start, totalSteps), start);
  }
}
