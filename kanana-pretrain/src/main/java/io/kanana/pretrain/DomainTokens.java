package io.kanana.pretrain;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.DataException;
import io.kanana.data.shard.ShardSet;
import io.kanana.data.shard.Tokenization;
import java.nio.file.Path;

/**
 * The tokens of a domain, open.
 *
 * @param train those to train on
 * @param heldOut those that are only measured; of no document where none was held out
 */
record DomainTokens(ShardSet train, ShardSet heldOut) implements AutoCloseable {
  /**
   * Opens what {@link Tokenization} wrote.
   *
   * @throws CheckpointException if a side is no artefact or is incomplete
   * @throws DataException if a side holds no token shards
   */
  static DomainTokens open(Path directory) {
    ShardSet train = ShardSet.open(directory.resolve(Tokenization.TRAIN));
    try {
      return new DomainTokens(train, ShardSet.open(directory.resolve(Tokenization.HELD_OUT)));
    } catch (RuntimeException e) {
      train.close();
      throw e;
    }
  }

  @Override
  public void close() {
    train.close();
    heldOut.close();
  }
}
