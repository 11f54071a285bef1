package io.kanana.posttrain.preference;

import static io.kanana.posttrain.preference.Logistic.logSigmoid;
import static io.kanana.posttrain.preference.Logistic.sigmoid;

import io.kanana.core.config.Check;

/**
 * ORPO (Hong et al., arXiv 2403.07691, equation 6), without reference: the likelihood of the chosen
 * answers' tokens and, times lambda, -log s of the log of the odds ratio of both answers' mean
 * probabilities. TRL's likelihood is taken over the tokens of the prompts too.
 */
public record OddsRatio(double lambda) implements PreferenceLoss {
  public OddsRatio {
    Check.that(lambda >= 0, "lambda", "must be >= 0, got %s", lambda);
  }

  @Override
  public Outcome of(PairLogs pair, StepTotals step) {
    double chosen = pair.policyChosen() / pair.chosenLength();
    double rejected = pair.policyRejected() / pair.rejectedLength();
    double logOdds = logOdds(chosen) - logOdds(rejected);
    double slope = -lambda * sigmoid(-logOdds);
    return new Outcome(
        -lambda * logSigmoid(logOdds) - pair.policyChosen() * step.perToken(),
        slope * slope(chosen) / pair.chosenLength() - step.perToken(),
        -slope * slope(rejected) / pair.rejectedLength());
  }

  /** Of a probability e^a: a - log(1 - e^a). */
  private static double logOdds(double a) {
    return a - Math.log(-Math.expm1(a));
  }

  /** The derivative of {@link #logOdds}: 1 / (1 - e^a). */
  private static double slope(double a) {
    return -1 / Math.expm1(a);
  }

  /** Log-probabilities themselves are the rewards. */
  @Override
  public double beta() {
    return 1;
  }

  /** Of a token on average, as the loss has it: else the shorter answer would be the better one. */
  @Override
  public double reward(double policy, double reference, int length) {
    return beta() * policy / length;
  }

  @Override
  public boolean usesReference() {
    return false;
  }
}
