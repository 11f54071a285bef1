package io.kanana.posttrain.preference;

import io.kanana.core.train.TokenBatch;
import java.util.Arrays;

/** Rows of answers while they are filled; for one thread. */
public final class PairRows {
  private final int rows;
  private final int contextLength;
  private final int[] tokens;
  private final int[] targets;
  private final int[] positions;
  private final int[] documentStarts;

  public PairRows(int rows, int contextLength) {
    int size = Math.multiplyExact(rows, contextLength);
    this.rows = rows;
    this.contextLength = contextLength;
    this.tokens = new int[size];
    this.targets = new int[size];
    this.positions = new int[size];
    this.documentStarts = new int[size];
    Arrays.fill(targets, TokenBatch.IGNORE);
    for (int i = 0; i < size; i++) {
      documentStarts[i] = i % contextLength;
    }
  }

  /**
   * Writes a document.
   *
   * @param at the position of its first token in the batch
   */
  public void put(AnswerTokens answer, int at) {
    int[] ids = answer.ids();
    System.arraycopy(ids, 0, tokens, at, ids.length);
    for (int i = 0; i < ids.length; i++) {
      positions[at + i] = i;
      documentStarts[at + i] = at % contextLength;
      boolean predicts = i + 1 >= answer.answered() && i + 1 < ids.length;
      targets[at + i] = predicts ? ids[i + 1] : TokenBatch.IGNORE;
    }
  }

  int contextLength() {
    return contextLength;
  }

  /** What was put so far; what is left is padding. */
  public TokenBatch batch() {
    return new TokenBatch(rows, contextLength, tokens, targets, positions, documentStarts, 0);
  }
}
