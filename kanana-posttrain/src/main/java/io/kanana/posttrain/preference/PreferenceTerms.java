package io.kanana.posttrain.preference;

import io.kanana.posttrain.preference.PreferenceLoss.Outcome;
import java.util.List;

/** Sums over pairs of what preference training tells of itself; for one thread. */
final class PreferenceTerms {
  /**
   * Means over pairs: the loss without what {@code sft-weight} adds, the implicit rewards, the
   * share of pairs whose chosen answer has the higher one, strictly, the log-probabilities of the
   * answers under the policy, and their tokens.
   */
  static final List<String> NAMES =
      List.of(
          "preference-loss",
          "chosen-likelihood-loss",
          "chosen-reward",
          "rejected-reward",
          "reward-margin",
          "reward-accuracy",
          "chosen-log-probability",
          "rejected-log-probability",
          "chosen-tokens",
          "rejected-tokens");

  private final double[] sums;
  private final PreferenceLoss loss;

  PreferenceTerms(double[] sums, PreferenceLoss loss) {
    this.sums = sums;
    this.loss = loss;
  }

  double[] sums() {
    return sums;
  }

  /**
   * @param likelihood the loss of the chosen answer's tokens, as a share of the step's mean
   */
  void add(PairLogs pair, Outcome outcome, double likelihood) {
    double chosen = loss.reward(pair.policyChosen(), pair.referenceChosen(), pair.chosenLength());
    double rejected =
        loss.reward(pair.policyRejected(), pair.referenceRejected(), pair.rejectedLength());
    double[] terms = {
      outcome.loss(),
      likelihood,
      chosen,
      rejected,
      chosen - rejected,
      chosen > rejected ? 1 : 0,
      pair.policyChosen(),
      pair.policyRejected(),
      pair.chosenLength(),
      pair.rejectedLength()
    };
    for (int i = 0; i < terms.length; i++) {
      sums[i] += terms[i];
    }
  }
}
