package io.kanana.eval.metric;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Whether figures that a model says are in the order of the right ones: Spearman's rank
 * correlation. What is scored must be a number; a filter takes it out of the answer, and says what
 * an answer without a number counts as.
 */
public final class RankedFigures implements GenerationMetric {
  static final String NAME = "spearman";

  /** {@code metric: spearman} has no options. */
  public record Config() implements GenerationMetric.Config {
    @Override
    public GenerationMetric create(MetricContext context) {
      return new RankedFigures();
    }
  }

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  @Override
  public Map<String, Score> score(Answer answer) {
    String reference = answer.references().getFirst();
    double gold =
        number(reference)
            .orElseThrow(
                () ->
                    new DataException(
                        "the right answer must be a number, got \"" + reference + '"'));
    double predicted =
        number(answer.text())
            .orElseThrow(
                () ->
                    new ConfigException(
                        "metric spearman",
                        "compares numbers, got \""
                            + answer.text()
                            + "\"; add a filter regex with a number as its fallback"));
    return Map.of(NAME, new Score.Figures(gold, predicted));
  }

  /** As JSON and models write them: 3, 2.6666666666666665, 1e-05. */
  private static OptionalDouble number(String text) {
    String plain = text.strip();
    return plain.matches("[-+]?[0-9]{1,40}(\\.[0-9]{0,40})?([eE][-+]?[0-9]{1,2})?")
        ? OptionalDouble.of(Double.parseDouble(plain))
        : OptionalDouble.empty();
  }

  @Override
  public Aggregation aggregation(String name) {
    return Aggregations.SPEARMAN;
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }
}
