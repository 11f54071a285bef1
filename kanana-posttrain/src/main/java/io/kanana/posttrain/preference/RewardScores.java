package io.kanana.posttrain.preference;

import io.kanana.core.autograd.Tape;
import io.kanana.core.autograd.Variable;
import io.kanana.core.model.Llama;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.TokenBatch;
import io.kanana.data.batch.BestFitDecreasing;
import java.util.Arrays;
import java.util.List;

/**
 * Rewards of answers by a model: packed into rows by best fit, several rows at once. For one thread
 * at a time, as the model is.
 *
 * @param model a reward model, which stays the caller's
 * @param microBatch rows that go through it at once
 */
public record RewardScores(Llama model, int microBatch) {
  /**
   * @param answers each of at most the model's context
   * @return one reward for each, in their order
   */
  public double[] of(List<AnswerTokens> answers) {
    double[] rewards = new double[answers.size()];
    if (answers.isEmpty()) {
      return rewards;
    }
    int[] sizes = answers.stream().mapToInt(AnswerTokens::length).toArray();
    int width = width(sizes);
    BestFitDecreasing packing = new BestFitDecreasing(sizes, width);
    int rows = packing.firsts().length - 1;
    for (int row = 0; row < rows; row += microBatch) {
      score(answers, packing, row, Math.min(rows, row + microBatch), width, rewards);
    }
    return rewards;
  }

  /** As wide as the context, or as all answers together where these are less. */
  private int width(int[] sizes) {
    long together = Arrays.stream(sizes).asLongStream().sum();
    return (int) Math.min(model.config().contextLength(), together);
  }

  private void score(
      List<AnswerTokens> answers,
      BestFitDecreasing packing,
      int from,
      int to,
      int width,
      double[] rewards) {
    int first = packing.firsts()[from];
    int count = packing.firsts()[to] - first;
    PairRows filled = new PairRows(to - from, width);
    int[] lasts = new int[count];
    for (int row = from; row < to; row++) {
      int position = (row - from) * width;
      for (int k = packing.firsts()[row]; k < packing.firsts()[row + 1]; k++) {
        AnswerTokens answer = answers.get(packing.byBin()[k]);
        filled.put(answer, position);
        position += answer.length();
        lasts[k - first] = position - 1;
      }
    }
    double[] found = score(filled.batch(), lasts);
    for (int k = 0; k < count; k++) {
      rewards[packing.byBin()[first + k]] = found[k];
    }
  }

  private double[] score(TokenBatch batch, int[] lasts) {
    TensorBackend backend = model.backend();
    try (Scope scope = backend.scope("rewards")) {
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      Tensor rows = scope.allocate(DType.I32, lasts.length);
      backend.write(lasts, rows);
      Variable scores = model.scores(tape, batch.input(backend, scope), rows, false);
      return backend.doubles(scores.value());
    }
  }
}
