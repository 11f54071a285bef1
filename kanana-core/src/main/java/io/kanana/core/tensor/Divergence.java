package io.kanana.core.tensor;

/**
 * How far a student's distribution p is from a teacher's q. All are 0 where they are equal, and
 * positive elsewhere.
 */
public enum Divergence {
  /** KL(q || p): the student covers the teacher. */
  FORWARD,
  /** KL(p || q): the student seeks the teacher's modes. */
  REVERSE,
  /** The mean of both, half of what Jeffreys defined. */
  SYMMETRIC,
  /**
   * The generalised divergence of Jensen and Shannon, beta KL(q || m) + (1 - beta) KL(p || m) with
   * m = beta q + (1 - beta) p (Agarwal et al., GKD, arXiv 2306.13649, equation 1): bounded, and
   * towards beta 0 in the direction of the forward divergence, towards 1 of the reverse.
   */
  JENSEN_SHANNON
}
