package io.kanana.posttrain.preference;

import io.kanana.core.model.Llama;
import io.kanana.data.batch.BestFitDecreasing;
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
    int[] sizes = answers.stream().mapToInt(AnswerTokens::length).toArray();
    BestFitDecreasing packing = new BestFitDecreasing(sizes, contextLength);
    int[] order = packing.byBin();
    int[] firsts = packing.firsts();
    double[] logs = new double[answers.size()];
    int[] places = new int[answers.size()];
    for (int row = 0; row < packing.count(); row += microBatch) {
      int rows = Math.min(microBatch, packing.count() - row);
      PairRows filled = new PairRows(rows, contextLength);
      for (int i = 0; i < rows; i++) {
        fill(filled, i, order, firsts[row + i], firsts[row + i + 1], answers, places);
      }
      AnswerSums sums = AnswerSums.of(model, filled.batch());
      for (int k = firsts[row]; k < firsts[row + rows]; k++) {
        logs[order[k]] = sums.of(answers.get(order[k]), places[order[k]]);
      }
    }
    return logs;
  }

  private static void fill(
      PairRows filled,
      int row,
      int[] order,
      int from,
      int to,
      List<AnswerTokens> answers,
      int[] places) {
    int position = row * filled.contextLength();
    for (int k = from; k < to; k++) {
      AnswerTokens answer = answers.get(order[k]);
      filled.put(answer, position);
      places[order[k]] = position;
      position += answer.length();
    }
  }
}
