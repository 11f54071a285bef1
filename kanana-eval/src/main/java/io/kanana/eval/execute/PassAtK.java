package io.kanana.eval.execute;

import java.util.List;

/**
 * The chance that at least one of k solutions is right, estimated without bias from n solutions of
 * which c are: {@code 1 - C(n-c, k) / C(n, k)} (Chen et al. 2021, "Evaluating Large Language Models
 * Trained on Code", equation 1).
 */
public final class PassAtK {
  private PassAtK() {}

  /**
   * The estimate for one problem.
   *
   * @throws IllegalArgumentException unless {@code 0 <= correct <= samples} and {@code 1 <= k <=
   *     samples}
   */
  public static double of(int samples, int correct, int k) {
    if (correct < 0 || correct > samples || k < 1 || k > samples) {
      throw new IllegalArgumentException(
          "pass@" + k + " of " + samples + " samples, " + correct + " of them correct");
    }
    if (samples - correct < k) {
      return 1;
    }
    double noneIsRight = 1;
    for (int i = samples - correct + 1; i <= samples; i++) {
      noneIsRight *= 1 - (double) k / i;
    }
    return 1 - noneIsRight;
  }

  /** The mean over problems, of which each has a list of verdicts. */
  public static double of(List<List<Verdict>> problems, int k) {
    return problems.stream()
        .mapToDouble(
            verdicts ->
                of(verdicts.size(), (int) verdicts.stream().filter(Verdict::passed).count(), k))
        .average()
        .orElse(Double.NaN);
  }
}
