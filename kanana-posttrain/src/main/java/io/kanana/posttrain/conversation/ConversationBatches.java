package io.kanana.posttrain.conversation;

import io.kanana.core.train.BatchSource;
import io.kanana.core.train.TokenBatch;

/**
 * Packed conversations in which only what the assistant says is a target: token t of a conversation
 * is one if and only if it is trained on, and it is predicted from token t - 1. Conversations do
 * not see one another, and positions begin anew with each. The bytes of a batch are those of the
 * text that its targets stand for. Safe for use by several threads.
 *
 * <p>How conversations are packed, mixed and ordered is left to the source of the packed shards;
 * this takes the marks out of their ids.
 */
public final class ConversationBatches implements BatchSource {
  private final BatchSource packed;
  private final int vocabularySize;

  /**
   * @param packed of shards that {@link ConversationTokenization} wrote
   * @param vocabularySize of the tokenizer
   */
  public ConversationBatches(BatchSource packed, int vocabularySize) {
    this.packed = packed;
    this.vocabularySize = vocabularySize;
  }

  @Override
  public int contextLength() {
    return packed.contextLength();
  }

  @Override
  public long epochLength() {
    return packed.epochLength();
  }

  @Override
  public TokenBatch batch(long firstSequence, int rows) {
    TokenBatch marked = packed.batch(firstSequence, rows);
    int[] tokens = marked.tokens();
    int[] targets = marked.targets();
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = tokens[i] < vocabularySize ? tokens[i] : tokens[i] - vocabularySize;
      targets[i] = targets[i] < vocabularySize ? TokenBatch.IGNORE : targets[i] - vocabularySize;
    }
    return marked;
  }

  @Override
  public String fingerprint() {
    return packed.fingerprint();
  }
}
