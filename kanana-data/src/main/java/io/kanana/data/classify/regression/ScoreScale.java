package io.kanana.data.classify.regression;

import io.kanana.core.config.Check;

/**
 * Whole scores from the worst to the best, and where good ones begin. FineWeb-Edu's are 0 to 5, and
 * 3 is good (Penedo et al., arXiv 2406.17557, section 4).
 *
 * @param lowest the worst score
 * @param highest the best score
 * @param atLeast documents whose rounded score is this or higher are good ones
 */
public record ScoreScale(int lowest, int highest, int atLeast) {
  public ScoreScale {
    Check.that(lowest < highest, "highest", "must be above lowest (%s), got %s", lowest, highest);
    Check.that(
        atLeast > lowest && atLeast <= highest,
        "at-least",
        "must be above lowest (%s) and at most highest (%s), got %s",
        lowest,
        highest,
        atLeast);
  }

  /** A score within the scale. */
  public double clamp(double score) {
    return Math.clamp(score, (double) lowest, (double) highest);
  }

  /** The whole score next to a score; of two that are as near the even one. */
  public int round(double score) {
    return (int) Math.rint(clamp(score));
  }

  /** Whether a score is that of a good document. */
  public boolean isHigh(double score) {
    return round(score) >= atLeast;
  }

  /** Whether a score lies on the scale. */
  boolean contains(double score) {
    return score >= lowest && score <= highest;
  }
}
