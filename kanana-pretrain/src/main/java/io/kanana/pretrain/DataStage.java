package io.kanana.pretrain;

import io.kanana.core.random.RandomKey;
import io.kanana.core.train.BatchSizes;
import io.kanana.core.train.Duration;
import io.kanana.data.batch.Packing;
import io.kanana.data.mixture.OnLimit;

/**
 * What a stage of training reads, and for how long: all that its {@link RunMixture} follows from.
 *
 * @param sources the domains
 * @param contextLength T, positions of a sequence
 * @param packing how documents become sequences
 * @param onLimit what happens where a domain would be read more often than it may
 * @param seed of the order, unless the mixture has one of its own
 * @param until the length of the stage
 * @param batches rows of the batch of each update
 */
record DataStage(
    Sources sources,
    int contextLength,
    Packing packing,
    OnLimit onLimit,
    long seed,
    Duration until,
    BatchSizes batches) {

  /** The only stage of a run. */
  static DataStage of(PretrainConfig config) {
    return new DataStage(
        config.sources(),
        config.model().contextLength(),
        config.data().packing(),
        config.data().onLimit(),
        RandomKey.of(config.seed()).child("data").value(),
        config.train().until(),
        config.batches());
  }
}
