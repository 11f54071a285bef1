package io.kanana.posttrain.merge;

/**
 * The base and the weighted sum of what each model learned since: base + lambda * sum of w_i (x_i -
 * base) ("Editing models with task arithmetic", Ilharco et al., 2023, with weights). A negative
 * weight takes away what a model learned.
 *
 * @param lambda of the whole sum
 * @param normalize whether weights are divided by their sum
 */
public record TaskArithmetic(double lambda, boolean normalize) implements MergeMethod.Config {
  private static final String NAME = "task-arithmetic";

  public TaskArithmetic {
    TaskVectors.checkLambda(lambda);
  }

  @Override
  public MergeMethod create(MergePlan plan) {
    plan.requireBase(NAME);
    plan.refuseDensities(NAME);
    double[] weights = normalize ? plan.normalizedWeights() : plan.weights();
    return new TaskVectors(
        lambda, TaskVectors.Thinning.NONE, differences -> new WeightedSum(differences, weights));
  }
}
