package io.kanana.eval.report;

import io.kanana.eval.metric.PythonRandom;
import java.util.Arrays;

/**
 * Whether two models that answered the same questions differ.
 *
 * @param questions that both answered
 * @param first the mean of the one
 * @param second the mean of the other
 * @param gained questions on which the second scored higher
 * @param lost questions on which it scored lower
 * @param low of the difference second - first, at 95 % confidence
 * @param high of it
 * @param probability that they would differ at least so much if they did not at all (two-sided)
 */
record PairedTest(
    int questions,
    double first,
    double second,
    int gained,
    int lost,
    double low,
    double high,
    double probability) {
  private static final int DRAWS = 10_000;
  private static final int SEED = 0;

  /**
   * Compares scores of the same questions. Where each is 0 or 1 the probability is that of
   * McNemar's exact test (1947): what is as often gained as lost; else it is from the bootstrap
   * over questions, from which the interval is in any case.
   *
   * @param first at least one
   * @param second as many
   */
  static PairedTest of(double[] first, double[] second) {
    double[] differences = new double[first.length];
    int gained = 0;
    int lost = 0;
    boolean binary = true;
    for (int i = 0; i < first.length; i++) {
      differences[i] = second[i] - first[i];
      gained += differences[i] > 0 ? 1 : 0;
      lost += differences[i] < 0 ? 1 : 0;
      binary &= (first[i] == 0 || first[i] == 1) && (second[i] == 0 || second[i] == 1);
    }
    double[] means = bootstrap(differences);
    return new PairedTest(
        first.length,
        mean(first),
        mean(second),
        gained,
        lost,
        means[(int) (0.025 * DRAWS)],
        means[(int) (0.975 * DRAWS) - 1],
        binary ? mcNemar(gained, lost) : bootstrapProbability(means));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }

  /** Sorted means of differences drawn with repetition. */
  private static double[] bootstrap(double[] differences) {
    PythonRandom random = new PythonRandom(SEED);
    double[] means = new double[DRAWS];
    for (int draw = 0; draw < DRAWS; draw++) {
      double sum = 0;
      for (int index : random.choices(differences.length, differences.length)) {
        sum += differences[index];
      }
      means[draw] = sum / differences.length;
    }
    Arrays.sort(means);
    return means;
  }

  private static double bootstrapProbability(double[] means) {
    long below = Arrays.stream(means).filter(mean -> mean <= 0).count();
    long above = Arrays.stream(means).filter(mean -> mean >= 0).count();
    return Math.min(1, 2.0 * Math.min(below, above) / means.length);
  }

  /** Two-sided: 2 * P(X <= min) for X of Binomial(gained + lost, 1/2), at most 1. */
  static double mcNemar(int gained, int lost) {
    int n = gained + lost;
    double logTerm = -n * Math.log(2);
    double sum = 0;
    for (int i = 0; i <= Math.min(gained, lost); i++) {
      sum += Math.exp(logTerm);
      logTerm += Math.log(n - i) - Math.log(i + 1);
    }
    return Math.min(1, 2 * sum);
  }
}
