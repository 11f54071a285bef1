package io.kanana.eval.metric;

/** The chance that one of k programs is right (Chen et al., arXiv 2107.03374, section 2.1). */
public final class PassAtK {
  private PassAtK() {}

  /**
   * 1 - C(n - c, k) / C(n, k), without bias.
   *
   * @param n candidates that were tried, at least k
   * @param c of them right
   * @param k drawn
   */
  public static double of(int n, int c, int k) {
    if (k < 1 || k > n || c < 0 || c > n) {
      throw new IllegalArgumentException("n " + n + ", c " + c + ", k " + k);
    }
    double allWrong = 1;
    for (int i = 0; i < k; i++) {
      // none is left to be wrong once n - c of them were drawn
      allWrong *= Math.max(0, n - c - i) / (double) (n - i);
    }
    return 1 - allWrong;
  }
}
