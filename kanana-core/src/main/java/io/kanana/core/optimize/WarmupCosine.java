package io.kanana.core.optimize;

import io.kanana.core.config.Check;

/**
 * Linear warm-up, then half a cosine down to a share of the peak (Loshchilov and Hutter, arXiv
 * 1608.03983, without restarts): {@code final + (1 - final) (1 + cos(pi x)) / 2}, where x goes from
 * 0 at the end of the warm-up to 1 at the last update.
 *
 * @param warmup its length
 * @param finalFactor the share of the peak rate at the last update
 */
public record WarmupCosine(Span warmup, double finalFactor) implements LrSchedule.Config {
  public WarmupCosine {
    Check.that(
        0 <= finalFactor && finalFactor <= 1,
        "final-factor",
        "must be in [0, 1], got %s",
        finalFactor);
  }

  @Override
  public LrSchedule create(long totalSteps) {
    long start = Warmup.steps(warmup, totalSteps);
    LrSchedule fall =
        step -> {
          double x = Warmup.progress(step, start, totalSteps);
          return finalFactor + (1 - finalFactor) * (1 + Math.cos(Math.PI * x)) / 2;
        };
    return Warmup.before(fall, start);
  }
}
