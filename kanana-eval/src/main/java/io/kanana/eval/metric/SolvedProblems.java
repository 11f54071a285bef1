package io.kanana.eval.metric;

import io.kanana.core.math.BoxedAnswer;
import io.kanana.core.math.MathAnswers;
import java.util.List;
import java.util.Map;

/**
 * 1 where the last {@code \boxed} answer of a solution is the same as the right one, by {@linkplain
 * MathAnswers#equivalent value}. A solution without a box is wrong. The reference is an answer, or
 * a solution with a box.
 */
public final class SolvedProblems implements GenerationMetric {
  static final String NAME = "boxed_answer";

  /** {@code metric: boxed_answer} has no options. */
  public record Config() implements GenerationMetric.Config {
    @Override
    public GenerationMetric create(MetricContext context) {
      return new SolvedProblems();
    }
  }

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  @Override
  public Map<String, Score> score(Answer answer) {
    boolean right =
        BoxedAnswer.last(answer.text())
            .filter(
                given ->
                    answer.references().stream()
                        .map(reference -> BoxedAnswer.last(reference).orElse(reference))
                        .anyMatch(expected -> MathAnswers.equivalent(given, expected)))
            .isPresent();
    return Map.of(NAME, new Score.Value(right ? 1 : 0));
  }

  @Override
  public Aggregation aggregation(String name) {
    return Aggregations.MEAN;
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }
}
