package io.kanana.core.generate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sampling as transformers' logits processors state it: sort everything, one after the other. */
final class SortingSampler {
  private SortingSampler() {}

  /** Probability by token id. */
  static Map<Integer, Double> probabilities(
      SamplingOptions options, float[] logits, int[] history) {
    Map<Integer, Double> scores = new TreeMap<>();
    for (int i = 0; i < logits.length; i++) {
      scores.put(i, (double) logits[i]);
    }
    HashSet<Integer> seen = new HashSet<>();
    for (int token : history) {
      if (seen.add(token)) {
        double penalty = options.repetitionPenalty();
        scores.compute(token, (id, x) -> (double) (float) (x < 0 ? x * penalty : x / penalty));
      }
    }
    scores.replaceAll((id, score) -> score / options.temperature());
    topK(options.topK(), scores);
    topP(options.topP(), scores);
    double largest = Collections.max(softmax(scores).values());
    softmax(scores)
        .forEach(
            (id, p) -> {
              if (p < options.minP() * largest * (1 - 1e-12)) {
                scores.remove(id);
              }
            });
    return softmax(scores);
  }

  private static void topK(int k, Map<Integer, Double> scores) {
    if (k > 0 && k < scores.size()) {
      List<Double> sorted = new ArrayList<>(scores.values());
      sorted.sort(Comparator.reverseOrder());
      double threshold = sorted.get(k - 1);
      scores.values().removeIf(score -> score < threshold);
    }
  }

  private static void topP(double p, Map<Integer, Double> scores) {
    if (p == 1) {
      return;
    }
    Map<Integer, Double> all = softmax(scores);
    List<Integer> ids = new ArrayList<>(scores.keySet());
    ids.sort(Comparator.<Integer>comparingDouble(all::get).reversed().thenComparing(id -> id));
    double before = 0;
    for (int id : ids) {
      if (before > 0 && before >= p) {
        scores.remove(id);
      }
      before += all.get(id);
    }
  }

  private static Map<Integer, Double> softmax(Map<Integer, Double> scores) {
    double largest = Collections.max(scores.values());
    double sum = scores.values().stream().mapToDouble(x -> Math.exp(x - largest)).sum();
    Map<Integer, Double> out = new TreeMap<>();
    scores.forEach((id, x) -> out.put(id, Math.exp(x - largest) / sum));
    return out;
  }
}
