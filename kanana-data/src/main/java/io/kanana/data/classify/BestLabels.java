package io.kanana.data.classify;

import java.util.ArrayList;
import java.util.List;

/** The most probable labels so far, by falling logarithm of their probability. */
final class BestLabels {
  /** What fastText adds to a probability before it takes the logarithm. */
  private static final double FLOOR = 1e-5;

  private final double threshold;
  private final int[] labels;
  private final double[] scores;
  private int count;

  /**
   * @param most how many are kept
   * @param threshold those that are less probable are not
   */
  BestLabels(int most, double threshold) {
    this.threshold = threshold;
    this.labels = new int[most];
    this.scores = new double[most];
  }

  static double log(double probability) {
    return Math.log(probability + FLOOR);
  }

  /** Adds a label of this probability. */
  void add(int label, double probability) {
    if (!(probability < threshold)) {
      addScore(label, log(probability));
    }
  }

  /** Whether nothing of this score, or of a lower one, would be kept. */
  boolean refuses(double score) {
    return score < log(threshold) || (count == labels.length && score < scores[count - 1]);
  }

  /** Adds a label whose score is already a logarithm. */
  void addScore(int label, double score) {
    if (count == labels.length && !(score > scores[count - 1])) {
      return;
    }
    int at = count < labels.length ? count++ : count - 1;
    while (at > 0 && scores[at - 1] < score) {
      labels[at] = labels[at - 1];
      scores[at] = scores[at - 1];
      at--;
    }
    labels[at] = label;
    scores[at] = score;
  }

  int count() {
    return count;
  }

  int label(int place) {
    return labels[place];
  }

  /** The probability as fastText returns it. */
  double probability(int place) {
    return Math.exp(scores[place]);
  }

  List<ScoredLabel> named(List<String> names) {
    List<ScoredLabel> named = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      named.add(new ScoredLabel(names.get(labels[i]), probability(i)));
    }
    return named;
  }
}
