package io.kanana.data.batch;

import io.kanana.core.error.DataException;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.TokenBatch;
import io.kanana.data.shard.ShardSet;
import java.util.Objects;

/**
 * One pass over a set of shards in its own order, in windows unless said otherwise: for held-out
 * data. Every token is the input of one position, and over the whole pass the targets' text bytes
 * add up to those of the documents (where documents begin with a begin-of-text token; otherwise the
 * share of each first token, which nothing predicts, is missing). Safe for use by several threads.
 */
public final class SequentialBatches implements BatchSource {
  private final Sequences sequences;

  /**
   * In windows.
   *
   * @param shards stay the caller's to close
   */
  public SequentialBatches(ShardSet shards, int contextLength) {
    if (shards.documents() == 0) {
      throw new DataException("the shards hold no document; hold out a larger share");
    }
    this.sequences = new Windows(shards, contextLength);
  }

  /**
   * @param sequences stay the caller's to close
   */
  public SequentialBatches(Sequences sequences) {
    this.sequences = sequences;
  }

  @Override
  public int contextLength() {
    return sequences.contextLength();
  }

  @Override
  public long epochLength() {
    return sequences.count();
  }

  @Override
  public TokenBatch batch(long firstSequence, int rows) {
    Objects.checkFromIndexSize(firstSequence, rows, epochLength());
    PackedRows packed = new PackedRows(rows, contextLength());
    for (int row = 0; row < rows; row++) {
      packed.fill(row, sequences, firstSequence + row);
    }
    return packed.batch();
  }

  @Override
  public String fingerprint() {
    return Fingerprint.of("sequential", sequences.fingerprint());
  }
}
