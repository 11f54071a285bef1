package io.kanana.posttrain.preference;

import static io.kanana.posttrain.preference.Logistic.logSigmoid;
import static io.kanana.posttrain.preference.Logistic.sigmoid;

import io.kanana.core.config.Check;

/**
 * SimPO (Meng et al., arXiv 2405.14734, equation 6), without reference: -log s(beta policyChosen /
 * |chosen| - beta policyRejected / |rejected| - gamma). TRL's adds a likelihood term unless its
 * {@code cpo_alpha} is 0; here that is the job's {@code sft-weight}.
 *
 * @param gamma how much better the chosen answer shall be
 */
public record SimPo(double beta, double gamma) implements PreferenceLoss {
  public SimPo {
    Check.that(beta > 0, "beta", "must be > 0, got %s", beta);
    Check.that(gamma >= 0, "gamma", "must be >= 0, got %s", gamma);
  }

  @Override
  public Outcome of(PairLogs pair, StepTotals step) {
    double x =
        beta * pair.policyChosen() / pair.chosenLength()
            - beta * pair.policyRejected() / pair.rejectedLength()
            - gamma;
    double slope = -beta * sigmoid(-x);
    return new Outcome(-logSigmoid(x), slope / pair.chosenLength(), -slope / pair.rejectedLength());
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
