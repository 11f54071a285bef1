package io.kanana.pretrain;

/** What becomes of the moments that the optimizer of an earlier checkpoint left. */
public enum OptimizerState {
  /** Every weight takes those of the one that it comes from; the count of updates goes on. */
  COPY,
  /** None: an optimizer begins anew. */
  RESET
}
