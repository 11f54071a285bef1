package io.kanana.data.batch;

import io.kanana.core.error.DataException;
import io.kanana.core.random.RandomKey;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.TokenBatch;
import io.kanana.data.shard.ShardSet;
import java.util.Objects;
import java.util.Optional;

/**
 * One pass over a set of shards for held-out data: in its own order and in windows, or over
 * sequences in an order that a key chooses, where the first shall be like the others. Every token
 * is the input of one position, and over the whole pass the targets' text bytes add up to those of
 * the documents (where documents begin with a begin-of-text token; otherwise the share of each
 * first token, which nothing predicts, is missing). Safe for use by several threads.
 */
public final class SequentialBatches implements BatchSource {
  private final Sequences sequences;
  private final Optional<RandomKey> order;

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
    this.order = Optional.empty();
  }

  /**
   * Shuffled.
   *
   * @param sequences stay the caller's to close
   * @param order chooses the order
   */
  public SequentialBatches(Sequences sequences, RandomKey order) {
    this.sequences = sequences;
    this.order = Optional.of(order);
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
      packed.fill(row, sequences, place(firstSequence + row));
    }
    return packed.batch();
  }

  private long place(long sequence) {
    return order.map(key -> new KeyedPermutation(key, epochLength()).at(sequence)).orElse(sequence);
  }

  @Override
  public String fingerprint() {
    return order
        .map(key -> Fingerprint.of("shuffled", key.value(), sequences.fingerprint()))
        .orElseGet(() -> Fingerprint.of("sequential", sequences.fingerprint()));
  }
}
