package io.kanana.core.train;

import io.kanana.core.config.Check;

/**
 * How much of held-out text models are measured on.
 *
 * @param windows the most; the first ones
 * @param microBatch windows that go through a model at once
 */
public record HeldOutWindows(long windows, int microBatch) {
  public HeldOutWindows {
    Check.that(windows > 0, "windows", "must be at least 1, got %s", windows);
    Check.that(microBatch > 0, "micro-batch", "must be at least 1, got %s", microBatch);
  }
}
