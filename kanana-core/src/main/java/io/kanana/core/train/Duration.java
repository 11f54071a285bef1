package io.kanana.core.train;

import io.kanana.core.config.Check;
import io.kanana.core.config.OneOf;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How long a run goes on, or how often something happens in it: in exactly one of three units.
 *
 * @param steps updates
 * @param tokens positions trained on, rounded up to whole steps
 * @param epochs passes over the data, rounded up to whole steps
 */
@OneOf
public record Duration(OptionalLong steps, OptionalLong tokens, OptionalDouble epochs) {
  public Duration {
    Check.that(steps.orElse(1) > 0, "steps", "must be > 0, got %s", steps.orElse(0));
    Check.that(tokens.orElse(1) > 0, "tokens", "must be > 0, got %s", tokens.orElse(0));
    Check.that(epochs.orElse(1) > 0, "epochs", "must be > 0, got %s", epochs.orElse(0));
  }

  public static Duration ofSteps(long steps) {
    return new Duration(OptionalLong.of(steps), OptionalLong.empty(), OptionalDouble.empty());
  }

  public static Duration ofTokens(long tokens) {
    return new Duration(OptionalLong.empty(), OptionalLong.of(tokens), OptionalDouble.empty());
  }

  public static Duration ofEpochs(double epochs) {
    return new Duration(OptionalLong.empty(), OptionalLong.empty(), OptionalDouble.of(epochs));
  }

  /** The same in steps from the beginning of a run, at least 1. */
  public long inSteps(BatchSource data, BatchSizes batches) {
    return inSteps(data.contextLength(), data.epochLength(), batches);
  }

  /**
   * The same where the data are known but not yet their order.
   *
   * @param contextLength T, positions of a sequence
   * @param epochLength sequences in one pass over the data
   */
  public long inSteps(int contextLength, long epochLength, BatchSizes batches) {
    return inSteps(contextLength, batches)
        .orElseGet(() -> batches.steps(epochs.orElseThrow() * epochLength));
  }

  /**
   * The same where the data are not known; empty where it depends on them.
   *
   * @param contextLength T, positions of a sequence
   */
  public OptionalLong inSteps(int contextLength, BatchSizes batches) {
    return steps.isPresent() || tokens.isEmpty()
        ? steps
        : OptionalLong.of(batches.steps(tokens.getAsLong() / (double) contextLength));
  }

  @Override
  public String toString() {
    if (steps.isPresent()) {
      return steps.getAsLong() + " steps";
    }
    return tokens.isPresent() ? tokens.getAsLong() + " tokens" : epochs.orElseThrow() + " epochs";
  }
}
