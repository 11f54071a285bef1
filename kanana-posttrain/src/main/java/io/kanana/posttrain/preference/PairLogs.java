package io.kanana.posttrain.preference;

/**
 * What policy and reference think of two answers to one prompt: sums over an answer's tokens of
 * their log-probabilities, in nats.
 *
 * @param referenceChosen 0 where a loss does without reference
 * @param chosenLength tokens of the answer, at least 1
 */
public record PairLogs(
    double policyChosen,
    double policyRejected,
    double referenceChosen,
    double referenceRejected,
    int chosenLength,
    int rejectedLength) {

  /** log(policy / reference) of the chosen answer: w. */
  double chosenRatio() {
    return policyChosen - referenceChosen;
  }

  /** log(policy / reference) of the rejected answer: l. */
  double rejectedRatio() {
    return policyRejected - referenceRejected;
  }

  /** d = w - l. */
  double difference() {
    return chosenRatio() - rejectedRatio();
  }
}
