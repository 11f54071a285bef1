package io.kanana.posttrain.preference;

import static io.kanana.posttrain.preference.Logistic.sigmoid;

import io.kanana.core.config.Check;
import java.util.Arrays;

/**
 * KTO (Ethayarajh et al., arXiv 2402.01306, equations 7 and 8): an answer's gain is its log-ratio
 * over a baseline z, the policy's divergence from the reference. A desirable answer loses
 * desirable-weight (1 - s(beta (u - z))), an undesirable one undesirable-weight (1 - s(beta (z -
 * u))). z is clamped at 0 and has no gradient. A pair counts as one of each; the loss is the mean
 * over answers.
 */
public record Kto(double beta, double desirableWeight, double undesirableWeight)
    implements PreferenceLoss {
  public Kto {
    Check.that(beta > 0, "beta", "must be > 0, got %s", beta);
    Check.that(desirableWeight > 0, "desirable-weight", "must be > 0, got %s", desirableWeight);
    Check.that(
        undesirableWeight > 0, "undesirable-weight", "must be > 0, got %s", undesirableWeight);
  }

  /**
   * z of a step: the mean of the log-ratios of answers to other prompts, clamped at 0. The mean
   * over mismatched answers is TRL's and the authors' estimate of the divergence.
   */
  static double baseline(double[] mismatchedRatios) {
    return Math.max(0, Arrays.stream(mismatchedRatios).average().orElse(0));
  }

  /** An answer's loss, and its derivative by the policy's log-probability. */
  record Example(double loss, double derivative) {}

  /**
   * @param ratio u = log(policy / reference) of the answer
   */
  Example example(double ratio, double baseline, boolean desirable) {
    double x = beta * (desirable ? ratio - baseline : baseline - ratio);
    double weight = desirable ? desirableWeight : undesirableWeight;
    double slope = weight * beta * sigmoid(x) * sigmoid(-x);
    return new Example(weight * sigmoid(-x), desirable ? -slope : slope);
  }

  @Override
  public Outcome of(PairLogs pair, StepTotals step) {
    Example chosen = example(pair.chosenRatio(), step.baseline(), true);
    Example rejected = example(pair.rejectedRatio(), step.baseline(), false);
    return new Outcome(
        (chosen.loss + rejected.loss) / 2, chosen.derivative / 2, rejected.derivative / 2);
  }

  @Override
  public boolean usesBaseline() {
    return true;
  }
}
