package io.kanana.eval.metric;

import java.util.List;

/** What one example contributes to a metric. */
public sealed interface Score {
  /** A figure of its own, such as 1 for a right answer. */
  record Value(double value) implements Score {}

  /** A right class and the one that was chosen. */
  record Classes(int gold, int predicted) implements Score {}

  /** A quantity and how much it counts, such as a log-likelihood and a number of bytes. */
  record Amount(double sum, double weight) implements Score {}

  /** A right class and the probability that each was given. */
  record Distribution(int gold, List<Double> probabilities) implements Score {
    public Distribution {
      probabilities = List.copyOf(probabilities);
    }
  }

  /** A right figure and the one that was given, of which the order over all examples matters. */
  record Figures(double gold, double predicted) implements Score {}
}
