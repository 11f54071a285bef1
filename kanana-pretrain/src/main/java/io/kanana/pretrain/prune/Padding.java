package io.kanana.pretrain.prune;

import io.kanana.core.train.TokenBatch;

/** The part of a batch's rows that is text. */
final class Padding {
  private Padding() {}

  /** How many positions of each row come before its padding. */
  static int[] lengths(TokenBatch batch) {
    int[] lengths = new int[batch.rows()];
    for (int row = 0; row < lengths.length; row++) {
      int length = batch.contextLength();
      while (length > 0 && isPadding(batch, row * batch.contextLength(), length - 1)) {
        length--;
      }
      lengths[row] = length;
    }
    return lengths;
  }

  /** As {@link TokenBatch} describes it: token 0, without a target, attending itself alone. */
  private static boolean isPadding(TokenBatch batch, int row, int position) {
    int i = row + position;
    return batch.tokens()[i] == 0
        && batch.targets()[i] == TokenBatch.IGNORE
        && batch.documentStarts()[i] == position;
  }
}
