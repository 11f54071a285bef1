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

  /**
   * The same in steps, at least 1.
   *
   * @param sequencesPerStep rows of the batch of one update
   */
  public long inSteps(BatchSource data, int sequencesPerStep) {
    return inSteps(data.contextLength(), data.epochLength(), sequencesPerStep);
  }

  /**
   * The same in steps, at least 1, where the data are known but not yet their order.
   *
   * @param contextLength T, positions of a sequence
   * @param epochLength sequences in one pass over the data
   * @param sequencesPerStep rows of the batch of one update
   */
  public long inSteps(int contextLength, long epochLength, int sequencesPerStep) {
    return inSteps(contextLength, epochLength, BatchSizes.constant(sequencesPerStep));
  }

  /**
   * The same from the beginning of a run whose steps are not all of a size.
   *
   * @param contextLength T, positions of a sequence
   * @param epochLength sequences in one pass over the data
   */
  public long inSteps(int contextLength, long epochLength, BatchSizes batches) {
    return inSteps(contextLength, batches)
        .orElseGet(() -> batches.steps(epochs.orElseThrow() * epochLength));
  }

  /**
   * The same from the beginning of a run; empty where that depends on the data.
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
