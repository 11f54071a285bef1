package io.kanana.core.tensor.reference;

import io.kanana.core.tensor.Kernels;

/** The linear heads with their losses, one row of logits at a time. */
final class ReferenceHeads {
  private ReferenceHeads() {}

  static double logSumExp(double[] values) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      max = Math.max(max, value);
    }
    double sum = 0;
    for (double value : values) {
      sum += Math.exp(value - max);
    }
    return max + Math.log(sum);
  }

  static double[] logits(View hidden, View weight, int row) {
    double[] logits = new double[weight.rows()];
    for (int v = 0; v < logits.length; v++) {
      for (int c = 0; c < weight.columns(); c++) {
        logits[v] += hidden.get(row, c) * weight.get(v, c);
      }
    }
    return logits;
  }

  /** dHidden[row] = dLogits W, dWeight += dLogits' hidden[row]. */
  static void backward(
      double[] dLogits, View hidden, View weight, int row, View dHidden, View dWeight) {
    for (int v = 0; v < dLogits.length; v++) {
      for (int c = 0; c < weight.columns(); c++) {
        dHidden.plus(row, c, dLogits[v] * weight.get(v, c));
        if (dWeight != null) {
          dWeight.plus(v, c, dLogits[v] * hidden.get(row, c));
        }
      }
    }
  }

  static void clear(View view) {
    for (int i = 0; i < view.size(); i++) {
      view.set(i, 0);
    }
  }

  static void crossEntropy(
      View hidden,
      View weight,
      int[] targets,
      double scale,
      double zLoss,
      View sums,
      View dHidden,
      View dWeight) {
    if (dHidden != null) {
      clear(dHidden);
    }
    for (int i = 0; i < targets.length; i++) {
      if (targets[i] == Kernels.IGNORED) {
        continue;
      }
      double[] logits = logits(hidden, weight, i);
      double lse = logSumExp(logits);
      sums.plus(0, lse - logits[targets[i]]);
      sums.plus(1, lse * lse);
      if (dHidden != null) {
        double[] dLogits = new double[logits.length];
        for (int v = 0; v < logits.length; v++) {
          double p = Math.exp(logits[v] - lse);
          dLogits[v] = scale * (p * (1 + 2 * zLoss * lse) - (v == targets[i] ? 1 : 0));
        }
        backward(dLogits, hidden, weight, i, dHidden, dWeight);
      }
    }
  }

  static double[] logSoftmax(double[] logits, double temperature) {
    double[] scaled = new double[logits.length];
    for (int v = 0; v < scaled.length; v++) {
      scaled[v] = logits[v] / temperature;
    }
    double lse = logSumExp(scaled);
    for (int v = 0; v < scaled.length; v++) {
      scaled[v] -= lse;
    }
    return scaled;
  }
}
