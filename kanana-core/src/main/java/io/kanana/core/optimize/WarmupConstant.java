package io.kanana.core.optimize;

/**
 * Linear warm-up, then the peak rate to the end.
 *
 * @param warmup its length
 */
public record WarmupConstant(Span warmup) implements LrSchedule.Config {
  @Override
  public LrSchedule create(long totalSteps) {
    return Warmup.before(step -> 1, Warmup.steps(warmup, totalSteps));
  }
}
