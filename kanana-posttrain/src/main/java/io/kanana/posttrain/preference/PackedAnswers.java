package io.kanana.posttrain.preference;

import io.kanana.core.train.TokenBatch;
import io.kanana.data.batch.BestFitDecreasing;
import java.util.Arrays;
import java.util.List;

/** Answers packed into rows by best fit, a document each, that a model only looks at. Immutable. */
final class PackedAnswers {
  private final List<AnswerTokens> answers;
  private final int contextLength;
  private final int[] order;
  private final int[] firsts;

  /**
   * @param answers each of at most {@code contextLength} tokens with its prompt
   * @param contextLength of a row
   */
  PackedAnswers(List<AnswerTokens> answers, int contextLength) {
    this.answers = answers;
    this.contextLength = contextLength;
    int[] sizes = answers.stream().mapToInt(AnswerTokens::length).toArray();
    BestFitDecreasing packing = new BestFitDecreasing(sizes, contextLength);
    this.order = packing.byBin();
    this.firsts = packing.firsts();
  }

  /**
   * Some rows.
   *
   * @param answers the indices of those that stand there, in their order
   * @param places for each the position of its first token, in the batch
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  record Rows(TokenBatch batch, int[] answers, int[] places) {}

  /** Takes rows. */
  @FunctionalInterface
  interface Taker {
    void take(Rows rows);
  }

  /**
   * All rows.
   *
   * @param microBatch of so many at once
   */
  void forEach(int microBatch, Taker taker) {
    int count = firsts.length - 1;
    for (int row = 0; row < count; row += microBatch) {
      taker.take(rows(row, Math.min(count, row + microBatch)));
    }
  }

  private Rows rows(int from, int to) {
    PairRows filled = new PairRows(to - from, contextLength);
    int[] indices = Arrays.copyOfRange(order, firsts[from], firsts[to]);
    int[] places = new int[indices.length];
    for (int row = from; row < to; row++) {
      int position = (row - from) * contextLength;
      for (int k = firsts[row]; k < firsts[row + 1]; k++) {
        AnswerTokens answer = answers.get(order[k]);
        filled.put(answer, position);
        places[k - firsts[from]] = position;
        position += answer.length();
      }
    }
    return new Rows(filled.batch(), indices, places);
  }
}
