package io.kanana.posttrain.preference;

/** The logistic function, without overflow. */
final class Logistic {
  private Logistic() {}

  /** 1 / (1 + e^-x). */
  static double sigmoid(double x) {
    return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
  }

  /** log of {@link #sigmoid}. */
  static double logSigmoid(double x) {
    return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
  }
}
