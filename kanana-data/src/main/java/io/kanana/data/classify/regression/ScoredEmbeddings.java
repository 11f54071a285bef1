package io.kanana.data.classify.regression;

import java.util.ArrayList;
import java.util.List;

/**
 * Embeddings of documents in memory, [n, C], and the documents' scores. For one thread while it
 * grows.
 */
final class ScoredEmbeddings {
  private final List<float[]> rows = new ArrayList<>();
  private final List<Double> scores = new ArrayList<>();

  /**
   * @param embedding [C]; kept, and not to be changed
   */
  void add(float[] embedding, double score) {
    rows.add(embedding);
    scores.add(score);
  }

  int size() {
    return rows.size();
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  float[] embedding(int index) {
    return rows.get(index);
  }

  double score(int index) {
    return scores.get(index);
  }

  /** All scores, in the order of the documents. */
  double[] scores() {
    return scores.stream().mapToDouble(Double::doubleValue).toArray();
  }

  double meanScore() {
    return scores.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
