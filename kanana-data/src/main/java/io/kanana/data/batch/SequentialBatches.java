package io.kanana.data.batch;

import io.kanana.core.error.DataException;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.TokenBatch;
import io.kanana.data.shard.ShardSet;
import java.util.Objects;

/**
 * One pass over a set of shards in its own order: for held-out data. Every token is the input of
 * one position, and over the whole pass the targets' text bytes add up to those of the documents
 * (where documents begin with a begin-of-text token; otherwise the share of each first token, which
 * nothing predicts, is missing). Safe for use by several threads.
 */
public final class SequentialBatches implements BatchSource {
  private final ShardSet shards;
  private final int contextLength;

  /**
   * @param shards stay the caller's to close
   */
  public SequentialBatches(ShardSet shards, int contextLength) {
    if (shards.documents() == 0) {
      throw new DataException("the shards hold no document; hold out a larger share");
    }
    this.shards = shards;
    this.contextLength = contextLength;
  }

  @Override
  public int contextLength() {
    return contextLength;
  }

  @Override
  public long epochLength() {
    return PackedRows.sequences(shards, contextLength);
  }

  @Override
  public TokenBatch batch(long firstSequence, int rows) {
    Objects.checkFromIndexSize(firstSequence, rows, epochLength());
    PackedRows packed = new PackedRows(rows, contextLength);
    for (int row = 0; row < rows; row++) {
      packed.fill(row, shards, firstSequence + row);
    }
    return packed.batch();
  }

  @Override
  public String fingerprint() {
    return Fingerprint.of("sequential", contextLength, shards.fingerprint());
  }
}
