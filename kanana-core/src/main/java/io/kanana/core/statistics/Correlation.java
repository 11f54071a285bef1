package io.kanana.core.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** How far values go together, from -1 to 1; 0 where either are all the same. */
public final class Correlation {
  private Correlation() {}

  /**
   * Of the values themselves (Pearson, 1895).
   *
   * @param x [n], finite
   * @param y [n], finite
   */
  public static double pearson(double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(x.length + " values beside " + y.length);
    }
    double meanX = Arrays.stream(x).average().orElse(0);
    double meanY = Arrays.stream(y).average().orElse(0);
    double together = 0;
    double spreadX = 0;
    double spreadY = 0;
    for (int i = 0; i < x.length; i++) {
      together += (x[i] - meanX) * (y[i] - meanY);
      spreadX += (x[i] - meanX) * (x[i] - meanX);
      spreadY += (y[i] - meanY) * (y[i] - meanY);
    }
    double spread = Math.sqrt(spreadX * spreadY);
    return spread == 0 ? 0 : together / spread;
  }

  /**
   * Of their ranks; equal values share the mean of their ranks (Spearman, 1904).
   *
   * @param x [n], finite
   * @param y [n], finite
   */
  public static double spearman(double[] x, double[] y) {
    return pearson(ranks(x), ranks(y));
  }

  /** From 1. */
  private static double[] ranks(double[] values) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[values.length];
    for (int from = 0, to; from < order.length; from = to) {
      to = from + 1;
      while (to < order.length && values[order[to]] == values[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = (from + 1 + to) / 2.0;
      }
    }
    return ranks;
  }
}
