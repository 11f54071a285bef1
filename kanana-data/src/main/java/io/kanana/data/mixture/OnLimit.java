package io.kanana.data.mixture;

/** What happens where a run would go through a domain more often than it may. */
public enum OnLimit {
  /** The run is refused, before its first step. */
  REFUSE,
  /**
   * The domain gets what its limit allows, evenly over the run, and the others share the rest in
   * proportion to their weights.
   */
  REBALANCE
}
