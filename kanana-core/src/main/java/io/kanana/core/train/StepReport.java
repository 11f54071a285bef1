package io.kanana.core.train;

import java.util.Map;

/**
 * What one step did.
 *
 * @param step its number, from 1
 * @param tokens positions trained on so far, this step included
 * @param loss of this step, before the update; NaN for a step without targets
 * @param terms the objective's terms, each divided by the number of targets
 * @param gradientNorm before clipping
 * @param learningRate of the update
 * @param skipped why there was no update, or an empty text
 * @param flops of this step
 * @param seconds that this step took
 */
public record StepReport(
    long step,
    long tokens,
    double loss,
    Map<String, Double> terms,
    double gradientNorm,
    double learningRate,
    String skipped,
    double flops,
    double seconds) {

  public boolean updated() {
    return skipped.isEmpty();
  }
}
