package io.kanana.benchmarks;

/** Numbers as reports show them. */
final class Numbers {
  private Numbers() {}

  static double rounded(double value, int decimals) {
    double unit = Math.pow(10, decimals);
    return Math.round(value * unit) / unit;
  }

  static double giga(double value) {
    return rounded(value / 1e9, 1);
  }
}
