package io.kanana.posttrain.preference;

import io.kanana.core.autograd.Tape;
import io.kanana.core.autograd.Variable;
import io.kanana.core.model.Llama;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.TokenBatch;
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
    new PackedAnswers(answers, width(answers))
        .forEach(microBatch, rows -> score(answers, rows, rewards));
    return rewards;
  }

  /** As wide as the context, or as all answers together where these are less. */
  private int width(List<AnswerTokens> answers) {
    long together = answers.stream().mapToLong(AnswerTokens::length).sum();
    return (int) Math.min(model.config().contextLength(), together);
  }

  private void score(List<AnswerTokens> answers, PackedAnswers.Rows rows, double[] rewards) {
    int[] lasts = new int[rows.answers().length];
    for (int i = 0; i < lasts.length; i++) {
      lasts[i] = rows.places()[i] + answers.get(rows.answers()[i]).length() - 1;
    }
    double[] found = score(rows.batch(), lasts);
    for (int i = 0; i < lasts.length; i++) {
      rewards[rows.answers()[i]] = found[i];
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
