package io.kanana.posttrain.preference;

import io.kanana.core.random.RandomKey;
import io.kanana.data.shard.HeldOut;
import java.util.List;

/**
 * Where the pairs of answers of a reward model come from. Which of them are held out is decided by
 * what both answers of a pair have in common, so that nothing that is measured on was trained on.
 */
public interface RewardPairs {
  /** A part of a configuration, chosen by its {@code type}. */
  interface Config {
    RewardPairs create();
  }

  /**
   * All pairs, in an order that depends on the source and the key alone.
   *
   * @param key of whatever is drawn
   * @param heldOut which texts are held out
   * @param faults is told of records that are no pairs
   * @throws io.kanana.core.error.DataException where a file is missing or corrupt
   */
  List<RewardPair> read(RandomKey key, HeldOut heldOut, RewardFaults faults);
}
