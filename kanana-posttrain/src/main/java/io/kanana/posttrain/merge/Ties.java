package io.kanana.posttrain.merge;

/**
 * Trims what each model learned to its largest entries, elects a sign for every entry, and takes
 * the mean of those that agree with it ("TIES-Merging", Yadav et al., 2023). As mergekit does it,
 * and other than the paper, weights are multiplied in before the election; {@link LargestEntries}
 * and {@link SignElection} say the rest.
 *
 * @param lambda of what is added to the base
 * @param normalize whether an entry is divided by the weights of those that agree; else it is their
 *     sum
 */
public record Ties(double lambda, boolean normalize) implements MergeMethod.Config {
  private static final String NAME = "ties";

  public Ties {
    TaskVectors.checkLambda(lambda);
  }

  @Override
  public MergeMethod create(MergePlan plan) {
    plan.requireBase(NAME);
    double[] densities = plan.densities(NAME);
    double[] weights = plan.weights();
    return new TaskVectors(
        lambda,
        (difference, _, model) -> LargestEntries.of(difference, densities[model]),
        differences -> new SignElection(differences, weights, normalize));
  }
}
