package io.kanana.pretrain.prune;

import io.kanana.core.train.BatchSource;
import io.kanana.core.train.TokenBatch;

/**
 * The windows of a text from one on: those that calibration leaves alone.
 *
 * @param first the window that is the first here
 */
record LaterWindows(BatchSource all, long first) implements BatchSource {
  @Override
  public int contextLength() {
    return all.contextLength();
  }

  @Override
  public long epochLength() {
    return all.epochLength() - first;
  }

  @Override
  public TokenBatch batch(long firstSequence, int rows) {
    return all.batch(first + firstSequence, rows);
  }

  @Override
  public String fingerprint() {
    return all.fingerprint() + "+" + first;
  }
}
