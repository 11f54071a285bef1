package io.kanana.posttrain.online;

import java.util.Comparator;
import java.util.stream.IntStream;

/** What choosing the best of some answers is worth, and what it costs. */
final class BestOfN {
  private BestOfN() {}

  /**
   * The divergence of the best of n from one answer, KL in nats: log n - (n - 1) / n (Stiennon et
   * al., arXiv 2009.01325, appendix G.3). Exact where no two answers have the same reward, an upper
   * bound otherwise.
   */
  static double divergence(int n) {
    return Math.log(n) - (n - 1.0) / n;
  }

  /**
   * The expected value of the answer that a reward chooses among n, over all choices of n of the
   * answers that were sampled: unbiased, and steadier than the first n (Nakano et al., arXiv
   * 2112.09332, appendix I). Among equal rewards the earlier answer is chosen.
   *
   * @param rewards what chooses
   * @param values what the chosen answer is worth
   * @param n at most as many as there are answers
   */
  static double expected(double[] rewards, double[] values, int n) {
    int all = rewards.length;
    if (n > all) {
      throw new IllegalArgumentException(n + " of " + all + " answers");
    }
    int[] order =
        IntStream.range(0, all)
            .boxed()
            .sorted(Comparator.<Integer>comparingDouble(i -> -rewards[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double sum = 0;
    double probability = (double) n / all; // that the best of all is among the n
    for (int rank = 0; rank <= all - n; rank++) {
      sum += probability * values[order[rank]];
      probability *= (double) (all - rank - n) / (all - rank - 1);
    }
    return sum;
  }
}
