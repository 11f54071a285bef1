package io.kanana.posttrain.merge;

/**
 * What each model learned thinned by chance, and then combined by {@link Ties}' election of signs
 * (Yu et al., 2024, section 4.3). As in mergekit, the sum is not normalized unless asked for.
 *
 * @param lambda of what is added to the base
 * @param normalize whether an entry is divided by the weights of those that agree
 * @param rescale whether entries that stay are divided by the density, as in the paper
 */
public record DareTies(double lambda, boolean normalize, boolean rescale)
    implements MergeMethod.Config {
  private static final String NAME = "dare-ties";

  public DareTies {
    TaskVectors.checkLambda(lambda);
  }

  @Override
  public MergeMethod create(MergePlan plan) {
    plan.requireBase(NAME);
    double[] densities = plan.densities(NAME);
    double[] weights = plan.weights();
    return new TaskVectors(
        lambda,
        RandomEntries.of(plan, densities, rescale),
        differences -> new SignElection(differences, weights, normalize));
  }
}
