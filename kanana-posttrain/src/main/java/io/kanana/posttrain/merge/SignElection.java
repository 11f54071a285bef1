package io.kanana.posttrain.merge;

import java.util.List;

/**
 * The sum of those weighted entries whose sign is that of the sum of all; a sum of 0 elects plus.
 * Entries of 0 have no sign and are never among them.
 *
 * @param terms at least one, all of one size
 * @param weights as many; they count in the election
 * @param normalize whether the sum is divided by the weights of the entries in it, where that is
 *     not 0
 */
record SignElection(List<Elements> terms, double[] weights, boolean normalize) implements Elements {
  @Override
  public long size() {
    return terms.getFirst().size();
  }

  @Override
  public void read(long from, double[] out) {
    double[][] entries = new double[weights.length][out.length];
    for (int n = 0; n < weights.length; n++) {
      terms.get(n).read(from, entries[n]);
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = elected(entries, i);
    }
  }

  private double elected(double[][] entries, int i) {
    double vote = 0;
    for (int n = 0; n < weights.length; n++) {
      vote += weights[n] * entries[n][i];
    }
    double sum = 0;
    double divisor = 0;
    for (int n = 0; n < weights.length; n++) {
      double entry = weights[n] * entries[n][i];
      if (vote >= 0 ? entry > 0 : entry < 0) {
        sum += entry;
        divisor += weights[n];
      }
    }
    return normalize && divisor != 0 ? sum / divisor : sum;
  }
}
