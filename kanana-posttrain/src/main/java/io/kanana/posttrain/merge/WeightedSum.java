package io.kanana.posttrain.merge;

import java.util.List;

/**
 * The sum of w_i x_i, added up in the order of the terms.
 *
 * @param terms at least one, all of one size
 * @param weights as many
 */
record WeightedSum(List<Elements> terms, double[] weights) implements Elements {
  @Override
  public long size() {
    return terms.getFirst().size();
  }

  @Override
  public void read(long from, double[] out) {
    terms.getFirst().read(from, out);
    for (int i = 0; i < out.length; i++) {
      out[i] *= weights[0];
    }
    double[] term = new double[out.length];
    for (int n = 1; n < weights.length; n++) {
      terms.get(n).read(from, term);
      for (int i = 0; i < out.length; i++) {
        out[i] += weights[n] * term[i];
      }
    }
  }
}
