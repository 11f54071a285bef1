package io.kanana.core.train;

import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.Tensor;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/**
 * Breaks the losses of some steps. Steps are told by the position of the batch in the data, so a
 * trainer whose micro-batches are whole steps is needed.
 *
 * @param steps from 1
 * @param loss what becomes of the loss that is reported
 * @param slope what the gradient is multiplied by
 */
record BrokenSteps(
    TrainingObjective objective,
    Set<Long> steps,
    DoubleUnaryOperator loss,
    double slope,
    Count count)
    implements TrainingObjective {
  /** The steps that were begun. */
  static final class Count {
    private long begun;
  }

  static BrokenSteps of(Set<Long> steps, DoubleUnaryOperator loss, double slope) {
    return new BrokenSteps(SmallRun.Parts.PLAIN.objective(), steps, loss, slope, new Count());
  }

  static BrokenSteps notANumber(Long... steps) {
    return of(Set.of(steps), _ -> Double.NaN, 1);
  }

  private boolean broken() {
    return steps.contains(count.begun);
  }

  @Override
  public List<String> terms() {
    return objective.terms();
  }

  @Override
  public void accumulate(
      Forward forward, TokenBatch batch, TokenInput input, double scale, Tensor sums) {
    count.begun++;
    objective.accumulate(forward, batch, input, broken() ? slope * scale : scale, sums);
  }

  @Override
  public double loss(double[] sums, long targets) {
    double whole = objective.loss(sums, targets);
    return broken() ? loss.applyAsDouble(whole) : whole;
  }

  @Override
  public double flopsPerToken(ModelConfig model, int time) {
    return objective.flopsPerToken(model, time);
  }
}
