package io.kanana.eval.metric;

import java.util.List;

/** Makes one figure of the scores of many examples. Implementations are immutable. */
public interface Aggregation {
  /** How the standard error of the figure is found. */
  enum ErrorRule {
    /** Sample standard deviation over the square root of the number of examples. */
    ANALYTIC,
    /** That of a ratio of two sums over examples, to first order. */
    RATIO,
    /** The spread of the figure over examples drawn with repetition. */
    BOOTSTRAP,
    /** Not at all. */
    NONE
  }

  /** What a task file calls it. */
  String label();

  /**
   * The figure.
   *
   * @param scores at least one, of the kind that this aggregation takes
   * @throws io.kanana.core.error.ConfigException if they are of another kind
   */
  double of(List<Score> scores);

  ErrorRule errorRule();
}
