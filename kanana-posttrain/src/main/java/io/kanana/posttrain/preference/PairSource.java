package io.kanana.posttrain.preference;

import io.kanana.core.model.Llama;
import io.kanana.core.train.BatchSource;
import java.util.List;

/** Rows of pairs of which it is known what the reference thinks. */
public interface PairSource extends BatchSource {
  /**
   * A pair in a batch.
   *
   * @param chosen the position of the chosen document's first token, in the batch
   * @param rejected that of the rejected document
   * @param referenceChosen the reference's log-probability of the chosen answer; 0 without one
   */
  record Placed(
      PairTokens pair,
      int chosen,
      int rejected,
      double referenceChosen,
      double referenceRejected) {}

  /** The pairs of some rows, in the order in which they stand there. */
  List<Placed> pairs(long firstSequence, int rows);

  /** Whether a step may have no pairs at all. */
  default boolean mayBeEmpty() {
    return false;
  }

  /**
   * The divergence of the policy from the reference that gains are measured against, for losses
   * that want one: {@link StepTotals#baseline}.
   */
  default double baseline(Llama policy, long firstSequence, int rows) {
    return 0;
  }
}
