package io.kanana.posttrain.preference;

/**
 * What a policy loses on a pair of answers. Pure functions, found by the name in {@code type:}; see
 * {@link PreferenceExtensions}. The loss of a step is the mean over its pairs.
 *
 * <p>Write w = log(policy / reference) of the chosen answer, l of the rejected one, d = w - l, s
 * the logistic function.
 */
public interface PreferenceLoss {
  /**
   * @param loss of the pair
   * @param dChosen its derivative by the policy's log-probability of the chosen answer
   * @param dRejected by that of the rejected answer
   */
  record Outcome(double loss, double dChosen, double dRejected) {
    /** A loss that depends on w - l alone. */
    static Outcome ofDifference(double loss, double derivative) {
      return new Outcome(loss, derivative, -derivative);
    }

    Outcome plus(Outcome other, double weight) {
      return new Outcome(
          loss + weight * other.loss,
          dChosen + weight * other.dChosen,
          dRejected + weight * other.dRejected);
    }
  }

  /** The loss of a pair and its gradient. */
  Outcome of(PairLogs pair, StepTotals step);

  /** What {@link #reward} multiplies by. */
  double beta();

  /**
   * What an answer is worth to the policy, for reports: beta log(policy / reference).
   *
   * @param policy the answer's log-probability
   * @param reference the reference's; no loss without a reference reads it
   * @param length tokens of the answer
   */
  default double reward(double policy, double reference, int length) {
    return beta() * (policy - reference);
  }

  /** Whether it reads the reference's log-probabilities. */
  default boolean usesReference() {
    return true;
  }

  /** Whether it reads {@link StepTotals#baseline}. */
  default boolean usesBaseline() {
    return false;
  }
}
