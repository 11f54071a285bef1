package io.kanana.posttrain.merge;

import io.kanana.core.random.RandomKey;

/**
 * Entries that stay by chance, each for itself, and 0 for the others: the drop and rescale of DARE
 * (Yu et al., 2024, section 3). Rescaled, the mean over keys is every entry itself.
 *
 * @param key of this tensor of this model: the i-th entry stays or not by its i-th number
 * @param density how likely an entry stays: the paper's 1 - p
 * @param rescale whether those that stay are divided by the density
 */
record RandomEntries(Elements all, RandomKey key, double density, boolean rescale)
    implements Elements {
  @Override
  public long size() {
    return all.size();
  }

  @Override
  public void read(long from, double[] out) {
    all.read(from, out);
    double divisor = rescale ? density : 1;
    for (int i = 0; i < out.length; i++) {
      out[i] = key.uniform(from + i) < density ? out[i] / divisor : 0;
    }
  }

  /**
   * DARE's thinning of every model of a plan. Masks belong to a tensor's name and to the place of a
   * model in the plan, so they do not depend on what else is merged.
   */
  static TaskVectors.Thinning of(MergePlan plan, double[] densities, boolean rescale) {
    return (difference, tensor, model) ->
        new RandomEntries(
            difference, plan.key().child(tensor).child(model), densities[model], rescale);
  }
}
