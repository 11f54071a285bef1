package io.kanana.posttrain.conversation;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.error.DataException;
import io.kanana.data.batch.BestFitPacking;
import io.kanana.data.batch.BestFitSequences;
import io.kanana.data.shard.ShardSet;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * Tokens of conversations that {@link ConversationTokenization} wrote, packed by best fit into
 * sequences. Mapped, not read. Safe for use by several threads; nothing may be used after {@link
 * #close()}.
 */
public final class ConversationShards implements AutoCloseable {
  private final ShardSet shards;
  private final BestFitSequences sequences;

  private ConversationShards(ShardSet shards, BestFitSequences sequences) {
    this.shards = shards;
    this.sequences = sequences;
  }

  /**
   * Opens {@code train} or {@code held-out}, and packs it where that was not done.
   *
   * @param directory of the artefact; it holds at least one conversation
   * @param packing the directory of the packing, made where it is not there
   * @param progress is told how many conversations have been packed
   * @throws DataException if it holds no conversations
   */
  public static ConversationShards open(Path directory, Path packing, LongConsumer progress) {
    Artefact artefact = Artefact.open(directory);
    if (!artefact.manifest().kind().equals(ConversationTokenization.KIND)) {
      throw new DataException(
          directory
              + ": is of "
              + artefact.manifest().kind()
              + ", not of conversations; make their tokens again");
    }
    artefact.verify();
    int contextLength = ConversationCounts.read(directory).contextLength();
    ShardSet shards = ShardSet.open(directory);
    try {
      if (!BestFitSequences.isDone(packing, shards, contextLength)) {
        BestFitPacking.write(shards, contextLength, packing, progress);
      }
      return new ConversationShards(shards, BestFitSequences.open(packing, shards));
    } catch (RuntimeException e) {
      shards.close();
      throw e;
    }
  }

  /** V: the tokens of the tokenizer. */
  public int vocabularySize() {
    return shards.manifest().vocabularySize() / 2;
  }

  public BestFitSequences sequences() {
    return sequences;
  }

  @Override
  public void close() {
    sequences.close();
    shards.close();
  }
}
