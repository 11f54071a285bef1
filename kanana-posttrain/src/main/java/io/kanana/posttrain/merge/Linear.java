package io.kanana.posttrain.merge;

/**
 * The weighted mean of the models: sum of w_i x_i, by the sum of w_i where it is normalized ("Model
 * soups", Wortsman et al., 2022, with weights).
 *
 * @param normalize whether weights are divided by their sum, which is then not 0
 */
public record Linear(boolean normalize) implements MergeMethod.Config {
  private static final String NAME = "linear";

  @Override
  public MergeMethod create(MergePlan plan) {
    plan.refuseBase(NAME);
    plan.refuseDensities(NAME);
    double[] weights = normalize ? plan.normalizedWeights() : plan.weights();
    return parents -> new WeightedSum(parents.models(), weights);
  }
}
