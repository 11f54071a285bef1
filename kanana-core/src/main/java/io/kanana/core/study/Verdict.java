package io.kanana.core.study;

import java.util.Collection;
import java.util.Locale;

/** Whether a claim that one arm is better than another holds. */
enum Verdict {
  REPRODUCED,
  NOT_REPRODUCED,
  WITHIN_THE_SPREAD,
  /** Of a single seed nothing can be said. */
  UNDECIDED;

  static final String RULE =
      "reproduced if the arm that is claimed to be better is so with every seed and the median"
          + " difference is more than the pooled standard deviation of the two arms; not reproduced if"
          + " the other one is; within the spread in every other case; undecided with a single seed";

  /**
   * @param gains by how much the one is better with each seed; negative where it is worse
   * @param spread the pooled standard deviation
   */
  static Verdict of(Collection<Double> gains, double spread) {
    if (gains.size() < 2) {
      return UNDECIDED;
    }
    double median = Spread.of(gains).median();
    if (gains.stream().allMatch(gain -> gain > 0) && median > spread) {
      return REPRODUCED;
    }
    return gains.stream().allMatch(gain -> gain < 0) && -median > spread
        ? NOT_REPRODUCED
        : WITHIN_THE_SPREAD;
  }

  /** In words. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
