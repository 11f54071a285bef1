package io.kanana.core.study;

import java.util.Collection;

/**
 * Values of several seeds in short.
 *
 * @param median the middle one, or the mean of the two in the middle
 * @param min the least
 * @param max the greatest
 * @param deviation the standard deviation of a sample (divided by n - 1); 0 of a single value,
 *     which shows no spread
 */
record Spread(double median, double min, double max, double deviation) {
  /**
   * @param values finite, at least one
   */
  static Spread of(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int n = sorted.length;
    double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    double mean = 0;
    for (double value : sorted) {
      mean += value / n;
    }
    double squares = 0;
    for (double value : sorted) {
      squares += (value - mean) * (value - mean);
    }
    double deviation = n == 1 ? 0 : Math.sqrt(squares / (n - 1));
    return new Spread(median, sorted[0], sorted[n - 1], deviation);
  }

  /** The standard deviation of two groups of values of the same size about their own means. */
  static double pooled(Spread a, Spread b) {
    return Math.sqrt((a.deviation * a.deviation + b.deviation * b.deviation) / 2);
  }
}
