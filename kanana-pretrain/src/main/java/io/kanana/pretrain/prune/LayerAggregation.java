package io.kanana.pretrain.prune;

/** How scores of the same unit number in several layers become one. */
public enum LayerAggregation {
  /** Their sum: one ranking for the whole network, as Minitron and Kanana have it. */
  SUM,
  /** The root of the sum of their squares: one ranking for the whole network. */
  L2,
  /** Their population variance: one ranking for the whole network. */
  VARIANCE,
  /** None: every layer has a ranking of its own. */
  NONE
}
