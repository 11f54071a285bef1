package io.kanana.pretrain.prune;

import java.util.Arrays;
import java.util.Map;

/** An aggregation of vectors that come one after the other; for one thread. */
final class Running {
  private final Aggregation how;
  private final double[] count = new double[1];

  /** Sums of magnitudes or squares; of {@link Aggregation#VARIANCE} the means so far. */
  private final double[] sums;

  /** Sums of squared distances from the mean (Welford, 1962); of the others nothing. */
  private final double[] spreads;

  Running(Aggregation how, int width) {
    this.how = how;
    this.sums = new double[width];
    this.spreads = new double[how == Aggregation.VARIANCE ? width : 0];
  }

  void add(double[] x) {
    count[0]++;
    switch (how) {
      case MEAN -> addMagnitudes(x);
      case L2 -> addSquares(x);
      case VARIANCE -> addDistances(x);
    }
  }

  private void addMagnitudes(double[] x) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += Math.abs(x[i]);
    }
  }

  private void addSquares(double[] x) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += x[i] * x[i];
    }
  }

  private void addDistances(double[] x) {
    for (int i = 0; i < sums.length; i++) {
      double before = x[i] - sums[i];
      sums[i] += before / count[0];
      spreads[i] += before * (x[i] - sums[i]);
    }
  }

  /** What the vectors so far come to; zeros where there were none. */
  double[] result() {
    double[] result = new double[sums.length];
    double vectors = Math.max(1, count[0]);
    for (int i = 0; i < result.length; i++) {
      result[i] =
          switch (how) {
            case MEAN -> sums[i] / vectors;
            case L2 -> Math.sqrt(sums[i]);
            case VARIANCE -> spreads[i] / vectors;
          };
    }
    return result;
  }

  /** Begins anew. */
  void clear() {
    count[0] = 0;
    Arrays.fill(sums, 0);
    Arrays.fill(spreads, 0);
  }

  /** Adds the arrays that are all there is to it. */
  void collect(String name, Map<String, double[]> memory) {
    memory.put(name + ".count", count);
    memory.put(name + ".sums", sums);
    if (spreads.length > 0) {
      memory.put(name + ".spreads", spreads);
    }
  }
}
