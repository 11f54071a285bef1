package io.kanana.posttrain.preference;

import io.kanana.core.model.Llama;
import io.kanana.core.train.TokenBatch;
import java.util.List;
import java.util.Optional;

/** Packed pairs with what the reference thinks of each. Safe for use by several threads. */
public final class ReferencedPairs implements PairSource {
  private final PairBatches pairs;
  private final ReferenceLogs reference;
  private final Optional<KtoBaseline> baseline;

  /**
   * @param reference of the same pairs
   */
  public ReferencedPairs(PairBatches pairs, ReferenceLogs reference) {
    this(pairs, reference, Optional.empty());
  }

  /**
   * @param baseline of the same pairs, for a loss that wants one
   */
  ReferencedPairs(PairBatches pairs, ReferenceLogs reference, Optional<KtoBaseline> baseline) {
    this.pairs = pairs;
    this.reference = reference;
    this.baseline = baseline;
  }

  @Override
  public List<Placed> pairs(long firstSequence, int rows) {
    return pairs.placed(firstSequence, rows).stream().map(this::referenced).toList();
  }

  private Placed referenced(PairBatches.Placed placed) {
    int pair = placed.pair();
    return new Placed(
        pairs.pairs().get(pair),
        placed.chosen(),
        placed.rejected(),
        reference.chosen(pair),
        reference.rejected(pair));
  }

  @Override
  public double baseline(Llama policy, long firstSequence, int rows) {
    List<Integer> step =
        pairs.placed(firstSequence, rows).stream().map(PairBatches.Placed::pair).toList();
    return baseline.map(own -> own.of(policy, step)).orElse(0.0);
  }

  @Override
  public int contextLength() {
    return pairs.contextLength();
  }

  @Override
  public long epochLength() {
    return pairs.epochLength();
  }

  @Override
  public TokenBatch batch(long firstSequence, int rows) {
    return pairs.batch(firstSequence, rows);
  }

  /** Of the pairs alone: the reference is a function of them and of what a run cannot change. */
  @Override
  public String fingerprint() {
    return pairs.fingerprint();
  }
}
