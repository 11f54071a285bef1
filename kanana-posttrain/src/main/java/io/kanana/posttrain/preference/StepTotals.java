package io.kanana.posttrain.preference;

/**
 * What a loss may know of the whole step, however it is cut into micro-batches.
 *
 * @param pairs of the step
 * @param chosenTokens of all its chosen answers
 * @param baseline the divergence from the reference that KTO measures gains against, in nats; 0 for
 *     losses that need none
 */
public record StepTotals(long pairs, long chosenTokens, double baseline) {
  /**
   * What a pair's sum over chosen tokens is multiplied by, so that the mean over pairs is that over
   * tokens.
   */
  double perToken() {
    return (double) pairs / chosenTokens;
  }
}
