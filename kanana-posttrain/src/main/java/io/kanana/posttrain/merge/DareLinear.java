package io.kanana.posttrain.merge;

/**
 * Task arithmetic with what each model learned thinned by chance ("Language models are super
 * Mario", Yu et al., 2024): base + lambda * sum of w_i DARE(x_i - base).
 *
 * @param lambda of the whole sum
 * @param normalize whether weights are divided by their sum
 * @param rescale whether entries that stay are divided by the density, as in the paper
 */
public record DareLinear(double lambda, boolean normalize, boolean rescale)
    implements MergeMethod.Config {
  private static final String NAME = "dare-linear";

  public DareLinear {
    TaskVectors.checkLambda(lambda);
  }

  @Override
  public MergeMethod create(MergePlan plan) {
    plan.requireBase(NAME);
    double[] densities = plan.densities(NAME);
    double[] weights = normalize ? plan.normalizedWeights() : plan.weights();
    return new TaskVectors(
        lambda,
        RandomEntries.of(plan, densities, rescale),
        differences -> new WeightedSum(differences, weights));
  }
}
