package io.kanana.posttrain.preference;

import io.kanana.core.config.Check;
import java.util.List;

/**
 * A weighted sum of losses.
 *
 * @param losses at least one; the reported rewards are the first one's
 */
public record LossMixture(List<Part> losses) implements PreferenceLoss {
  /**
   * @param weight above 0
   */
  public record Part(double weight, PreferenceLoss loss) {
    public Part {
      Check.that(weight > 0, "weight", "must be > 0, got %s", weight);
    }
  }

  public LossMixture {
    Check.that(!losses.isEmpty(), "losses", "must have at least one");
    losses = List.copyOf(losses);
  }

  @Override
  public Outcome of(PairLogs pair, StepTotals step) {
    Outcome sum = new Outcome(0, 0, 0);
    for (Part part : losses) {
      sum = sum.plus(part.loss.of(pair, step), part.weight);
    }
    return sum;
  }

  @Override
  public double beta() {
    return losses.getFirst().loss.beta();
  }

  @Override
  public double reward(double policy, double reference, int length) {
    return losses.getFirst().loss.reward(policy, reference, length);
  }

  @Override
  public boolean usesReference() {
    return losses.stream().anyMatch(part -> part.loss.usesReference());
  }

  @Override
  public boolean usesBaseline() {
    return losses.stream().anyMatch(part -> part.loss.usesBaseline());
  }
}
