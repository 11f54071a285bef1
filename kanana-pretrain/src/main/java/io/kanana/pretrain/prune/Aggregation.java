package io.kanana.pretrain.prune;

/**
 * How many numbers become one (Muralidharan et al., Minitron, arXiv 2407.14679, section 2.2). The
 * sequence is aggregated first, then the batch.
 */
public enum Aggregation {
  /** The mean of the magnitudes. */
  MEAN,
  /** The root of the sum of the squares. */
  L2,
  /** The mean of the squared distances from the mean of the signed numbers. */
  VARIANCE
}
