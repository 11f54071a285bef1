package io.kanana.eval.model;

import java.util.List;
import java.util.function.BooleanSupplier;

/** Computes how likely the targets of sequences are. */
interface SequenceScorer {
  /**
   * The score of a sequence.
   *
   * @param sum of the targets' log-probabilities, in nats
   * @param greedy whether each target is the most probable token, the first of equal ones
   */
  record SequenceScore(double sum, boolean greedy) {}

  /** Takes scores as they come, in any order. */
  interface Scores {
    void scored(int index, SequenceScore score);
  }

  /**
   * Scores every sequence once.
   *
   * @param stop asked between batches; true leaves the rest
   */
  void score(List<Sequence> sequences, Scores scores, BooleanSupplier stop);

  /** Positions that went through the model, padding included. */
  long positions();
}
