package io.kanana.posttrain.preference;

import io.kanana.core.model.Llama;
import java.util.List;

/** What a model thinks of answers: their log-probabilities, in nats, computed in packed rows. */
public final class AnswerLogs {
  private AnswerLogs() {}

  /**
   * The sum over each answer's tokens.
   *
   * @param answers each of at most {@code contextLength} tokens with its prompt
   * @param contextLength of a row
   * @param microBatch rows at once
   */
  public static double[] of(
      Llama model, List<AnswerTokens> answers, int contextLength, int microBatch) {
    double[] logs = new double[answers.size()];
    new PackedAnswers(answers, contextLength)
        .forEach(
            microBatch,
            rows -> {
              AnswerSums sums = AnswerSums.of(model, rows.batch());
              for (int i = 0; i < rows.answers().length; i++) {
                int answer = rows.answers()[i];
                logs[answer] = sums.of(answers.get(answer), rows.places()[i]);
              }
            });
    return logs;
  }
}
