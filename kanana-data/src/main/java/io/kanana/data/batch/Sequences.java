package io.kanana.data.batch;

import io.kanana.data.shard.ShardSet;
import java.util.List;

/**
 * The sequences that the documents of a set of shards are put into. Every token is in exactly one
 * place of one sequence. Safe for use by several threads.
 */
public sealed interface Sequences permits Windows, BestFitSequences {
  /** Where the tokens are. */
  ShardSet shards();

  /** T, the most tokens of a sequence. */
  int contextLength();

  /** How documents become sequences. */
  Packing packing();

  /** How many there are. */
  long count();

  /**
   * What stands in a sequence, from its first position on without gaps; what is left of its {@code
   * contextLength} positions is padding.
   *
   * @param sequence from 0 up to but not including {@link #count()}
   */
  List<Piece> pieces(long sequence);

  /** Documents that lie in more than one sequence; may read the whole index of the shards. */
  long cutDocuments();

  /** What {@link #pieces} depends on, as a short hexadecimal digest. */
  String fingerprint();

  /** The share of the positions that hold a token, above 0. */
  default double fill() {
    return shards().tokens() / ((double) count() * contextLength());
  }
}
