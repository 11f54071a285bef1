package io.kanana.posttrain.preference;

import io.kanana.core.random.RandomKey;
import io.kanana.data.document.Quarantine;
import io.kanana.data.shard.HeldOut;
import io.kanana.posttrain.conversation.BadConversationException;

/**
 * Where the pairs of answers of a reward model come from. Which of them are held out is decided by
 * what both answers of a pair have in common, so that nothing that is measured on was trained on.
 */
public interface RewardPairs {
  /** A part of a configuration, chosen by its {@code type}. */
  interface Config {
    RewardPairs create();
  }

  /** Whoever wants the pairs. */
  interface Taker {
    /**
     * @throws BadConversationException if it cannot use this pair, which is then left out
     */
    void take(RewardPair pair) throws BadConversationException;
  }

  /**
   * Reads all pairs, in an order that depends on the source and the key alone.
   *
   * @param key of whatever is drawn
   * @param heldOut which texts are held out
   * @param quarantine is told of records that are no pairs, and of pairs that cannot be used
   * @throws io.kanana.core.error.DataException where a file is missing or corrupt
   */
  void read(RandomKey key, HeldOut heldOut, Quarantine quarantine, Taker taker);
}
