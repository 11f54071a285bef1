package io.kanana.posttrain.preference;

import static io.kanana.posttrain.preference.Logistic.logSigmoid;
import static io.kanana.posttrain.preference.Logistic.sigmoid;

import io.kanana.core.config.Check;

/**
 * The losses of direct preference optimisation and its relatives that compare with a reference, by
 * the names under which TRL's {@code DPOTrainer} has them. All were compared with TRL 1.16; where
 * papers say something else it stands at the loss.
 */
public final class DpoLosses {
  private DpoLosses() {}

  private static void checkBeta(double beta) {
    Check.that(beta > 0, "beta", "must be > 0, got %s", beta);
  }

  private static void checkSmoothing(double smoothing, boolean needed) {
    Check.that(
        smoothing >= 0 && smoothing < 0.5 && (!needed || smoothing > 0),
        "label-smoothing",
        needed ? "must be in (0, 0.5), got %s" : "must be in [0, 0.5), got %s",
        smoothing);
  }

  /**
   * DPO (Rafailov et al., arXiv 2305.18290, equation 7): -log s(beta d). With label smoothing e it
   * is the conservative DPO of Mitchell's note (2023): -(1 - e) log s(beta d) - e log s(-beta d);
   * TRL's loss of this name ignores smoothing.
   */
  public record Sigmoid(double beta, double labelSmoothing) implements PreferenceLoss {
    public Sigmoid {
      checkBeta(beta);
      checkSmoothing(labelSmoothing, false);
    }

    @Override
    public Outcome of(PairLogs pair, StepTotals step) {
      double x = beta * pair.difference();
      double loss = -(1 - labelSmoothing) * logSigmoid(x) - labelSmoothing * logSigmoid(-x);
      return Outcome.ofDifference(
          loss, beta * (labelSmoothing * sigmoid(x) - (1 - labelSmoothing) * sigmoid(-x)));
    }
  }

  /**
   * Robust DPO (Chowdhury et al., arXiv 2403.00409, equation 9): without bias where labels are
   * flipped with probability e: (-(1 - e) log s(beta d) + e log s(-beta d)) / (1 - 2 e).
   */
  public record Robust(double beta, double labelSmoothing) implements PreferenceLoss {
    public Robust {
      checkBeta(beta);
      checkSmoothing(labelSmoothing, false);
    }

    @Override
    public Outcome of(PairLogs pair, StepTotals step) {
      double x = beta * pair.difference();
      double e = labelSmoothing;
      double scale = 1 / (1 - 2 * e);
      return Outcome.ofDifference(
          scale * (e * logSigmoid(-x) - (1 - e) * logSigmoid(x)),
          -scale * beta * (e * sigmoid(x) + (1 - e) * sigmoid(-x)));
    }
  }

  /**
   * IPO (Azar et al., arXiv 2310.12036, equation 17) with log-ratios averaged over an answer's
   * tokens, as its authors confirmed and TRL does: (w / |chosen| - l / |rejected| - 1 / (2
   * beta))^2.
   */
  public record Ipo(double beta) implements PreferenceLoss {
    public Ipo {
      checkBeta(beta);
    }

    @Override
    public Outcome of(PairLogs pair, StepTotals step) {
      double x =
          pair.chosenRatio() / pair.chosenLength()
              - pair.rejectedRatio() / pair.rejectedLength()
              - 1 / (2 * beta);
      return new Outcome(x * x, 2 * x / pair.chosenLength(), -2 * x / pair.rejectedLength());
    }
  }

  /** IPO as equation 17 is printed, with summed log-ratios: (d - 1 / (2 beta))^2. */
  public record IpoSummed(double beta) implements PreferenceLoss {
    public IpoSummed {
      checkBeta(beta);
    }

    @Override
    public Outcome of(PairLogs pair, StepTotals step) {
      double x = pair.difference() - 1 / (2 * beta);
      return Outcome.ofDifference(x * x, 2 * x);
    }
  }

  /** The hinge of RSO (Liu et al., arXiv 2309.06657) and SLiC: max(0, 1 - beta d). */
  public record Hinge(double beta) implements PreferenceLoss {
    public Hinge {
      checkBeta(beta);
    }

    @Override
    public Outcome of(PairLogs pair, StepTotals step) {
      double x = 1 - beta * pair.difference();
      return Outcome.ofDifference(Math.max(0, x), x > 0 ? -beta : 0);
    }
  }

  /**
   * DPO with log-ratios averaged over an answer's tokens: -log s(beta (w / |chosen| - l /
   * |rejected|)).
   */
  public record SigmoidNorm(double beta) implements PreferenceLoss {
    public SigmoidNorm {
      checkBeta(beta);
    }

    @Override
    public Outcome of(PairLogs pair, StepTotals step) {
      double x =
          beta
              * (pair.chosenRatio() / pair.chosenLength()
                  - pair.rejectedRatio() / pair.rejectedLength());
      double slope = -beta * sigmoid(-x);
      return new Outcome(
          -logSigmoid(x), slope / pair.chosenLength(), -slope / pair.rejectedLength());
    }
  }

  /**
   * EXO (Ji et al., arXiv 2402.00856, equation 16): the reverse divergence of (s(beta d), s(-beta
   * d)) from the labels (1 - e, e).
   */
  public record ExoPair(double beta, double labelSmoothing) implements PreferenceLoss {
    public ExoPair {
      checkBeta(beta);
      checkSmoothing(labelSmoothing, true);
    }

    @Override
    public Outcome of(PairLogs pair, StepTotals step) {
      double x = beta * pair.difference();
      double p = sigmoid(x);
      double q = sigmoid(-x);
      double yes = logSigmoid(x) - Math.log1p(-labelSmoothing);
      double no = logSigmoid(-x) - Math.log(labelSmoothing);
      return Outcome.ofDifference(p * yes + q * no, beta * p * q * (yes - no));
    }
  }

  /**
   * APO-zero (D'Oosterlinck et al., arXiv 2408.06266): chosen answers up, rejected ones down: (1 -
   * s(beta w)) + s(beta l).
   */
  public record ApoZero(double beta) implements PreferenceLoss {
    public ApoZero {
      checkBeta(beta);
    }

    @Override
    public Outcome of(PairLogs pair, StepTotals step) {
      double chosen = beta * pair.chosenRatio();
      double rejected = beta * pair.rejectedRatio();
      return new Outcome(
          sigmoid(-chosen) + sigmoid(rejected),
          -beta * sigmoid(chosen) * sigmoid(-chosen),
          beta * sigmoid(rejected) * sigmoid(-rejected));
    }
  }

  /**
   * APO-down (the same paper): both answers down, the rejected one more: s(beta w) + (1 - s(beta
   * d)).
   */
  public record ApoDown(double beta) implements PreferenceLoss {
    public ApoDown {
      checkBeta(beta);
    }

    @Override
    public Outcome of(PairLogs pair, StepTotals step) {
      double chosen = beta * pair.chosenRatio();
      double x = beta * pair.difference();
      double apart = beta * sigmoid(x) * sigmoid(-x);
      return new Outcome(
          sigmoid(chosen) + sigmoid(-x), beta * sigmoid(chosen) * sigmoid(-chosen) - apart, apart);
    }
  }

  /**
   * NCA for pairs (Chen et al., arXiv 2402.05369): -log s(beta w) - log s(-beta w) / 2 - log
   * s(-beta l) / 2.
   */
  public record NcaPair(double beta) implements PreferenceLoss {
    public NcaPair {
      checkBeta(beta);
    }

    @Override
    public Outcome of(PairLogs pair, StepTotals step) {
      double chosen = beta * pair.chosenRatio();
      double rejected = beta * pair.rejectedRatio();
      return new Outcome(
          -logSigmoid(chosen) - 0.5 * logSigmoid(-chosen) - 0.5 * logSigmoid(-rejected),
          beta * (0.5 * sigmoid(chosen) - sigmoid(-chosen)),
          0.5 * beta * sigmoid(rejected));
    }
  }

  /**
   * BCO for pairs (Jung et al., arXiv 2404.04656) without its running mean: -log s(beta w) - log
   * s(-beta l).
   */
  public record BcoPair(double beta) implements PreferenceLoss {
    public BcoPair {
      checkBeta(beta);
    }

    @Override
    public Outcome of(PairLogs pair, StepTotals step) {
      double chosen = beta * pair.chosenRatio();
      double rejected = beta * pair.rejectedRatio();
      return new Outcome(
          -logSigmoid(chosen) - logSigmoid(-rejected),
          -beta * sigmoid(-chosen),
          beta * sigmoid(rejected));
    }
  }

  /**
   * SPPO with hard labels (Wu et al., arXiv 2405.00675): (w - 1 / (2 beta))^2 + (l + 1 / (2
   * beta))^2.
   */
  public record SppoHard(double beta) implements PreferenceLoss {
    public SppoHard {
      checkBeta(beta);
    }

    @Override
    public Outcome of(PairLogs pair, StepTotals step) {
      double chosen = pair.chosenRatio() - 1 / (2 * beta);
      double rejected = pair.rejectedRatio() + 1 / (2 * beta);
      return new Outcome(chosen * chosen + rejected * rejected, 2 * chosen, 2 * rejected);
    }
  }

  /**
   * DPO under the Jensen-Shannon divergence (Wang et al., arXiv 2309.16240): -log s(beta (log s(w)
   * - log s(l))).
   */
  public record JensenShannon(double beta) implements PreferenceLoss {
    public JensenShannon {
      checkBeta(beta);
    }

    @Override
    public Outcome of(PairLogs pair, StepTotals step) {
      double w = pair.chosenRatio();
      double l = pair.rejectedRatio();
      double x = beta * (logSigmoid(w) - logSigmoid(l));
      double slope = -beta * sigmoid(-x);
      return new Outcome(-logSigmoid(x), slope * sigmoid(-w), -slope * sigmoid(-l));
    }
  }
}
