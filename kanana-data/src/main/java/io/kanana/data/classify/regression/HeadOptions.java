package io.kanana.data.classify.regression;

import io.kanana.core.config.Check;
import java.util.List;

/**
 * How a regression head is trained: the mean squared error, by Adam.
 *
 * @param hidden the sizes of hidden layers; none for a score that is linear in the embedding
 * @param epochs how often each document is used
 * @param batch documents of a step
 * @param learningRate of Adam (Kingma and Ba, arXiv 1412.6980), the same throughout
 */
public record HeadOptions(List<Integer> hidden, int epochs, int batch, double learningRate) {
  /** So that the weights between two such layers fit an array. */
  private static final int LARGEST = 1 << 15;

  public HeadOptions {
    hidden = List.copyOf(hidden);
    Check.that(
        hidden.stream().allMatch(size -> size >= 1 && size <= LARGEST),
        "hidden",
        "must be sizes in 1 .. %s, got %s",
        LARGEST,
        hidden);
    Check.that(epochs >= 1, "epochs", "must be at least 1, got %s", epochs);
    Check.that(batch >= 1, "batch", "must be at least 1, got %s", batch);
    Check.that(
        learningRate > 0 && learningRate < Double.POSITIVE_INFINITY,
        "learning-rate",
        "must be > 0, got %s",
        learningRate);
  }
}
