package io.kanana.core.train;

import java.util.function.LongFunction;

/**
 * Data whose sequences are others' in another order, or changed.
 *
 * @param batches of one row, by the index of the sequence
 */
record EditedData(BatchSource source, LongFunction<TokenBatch> batches) implements BatchSource {
  /** Leaves the sequences of one step out. */
  static EditedData without(BatchSource source, long step) {
    long first = (step - 1) * SmallRun.ROWS;
    return new EditedData(
        source, index -> source.batch(index < first ? index : index + SmallRun.ROWS, 1));
  }

  /** Takes the targets of one step away. */
  static EditedData withoutTargets(BatchSource source, long step) {
    return new EditedData(
        source,
        index -> {
          TokenBatch batch = source.batch(index, 1);
          return index / SmallRun.ROWS == step - 1 ? blank(batch) : batch;
        });
  }

  /** The same tokens, of which none is to be predicted. */
  static TokenBatch blank(TokenBatch batch) {
    int[] targets = new int[batch.targets().length];
    java.util.Arrays.fill(targets, TokenBatch.IGNORE);
    return new TokenBatch(
        batch.rows(),
        batch.contextLength(),
        batch.tokens(),
        targets,
        batch.positions(),
        batch.documentStarts(),
        0);
  }

  @Override
  public int contextLength() {
    return source.contextLength();
  }

  @Override
  public long epochLength() {
    return source.epochLength();
  }

  @Override
  public TokenBatch batch(long firstSequence, int rows) {
    int time = contextLength();
    int[][] all = new int[4][rows * time];
    long bytes = 0;
    for (int row = 0; row < rows; row++) {
      TokenBatch one = batches.apply(firstSequence + row);
      System.arraycopy(one.tokens(), 0, all[0], row * time, time);
      System.arraycopy(one.targets(), 0, all[1], row * time, time);
      System.arraycopy(one.positions(), 0, all[2], row * time, time);
      System.arraycopy(one.documentStarts(), 0, all[3], row * time, time);
      bytes += one.textBytes();
    }
    return new TokenBatch(rows, time, all[0], all[1], all[2], all[3], bytes);
  }

  @Override
  public String fingerprint() {
    return source.fingerprint();
  }
}
