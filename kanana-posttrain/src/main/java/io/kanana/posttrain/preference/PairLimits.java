package io.kanana.posttrain.preference;

import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.ModelConfig;
import java.util.OptionalInt;

/**
 * How long pairs may be. The two answers of a pair do not see one another, so a row may be longer
 * than what a model sees of one of them.
 *
 * @param row positions of a row, which holds both answers, each with the prompt
 * @param context the most tokens that a model reads of one answer with its prompt
 */
public record PairLimits(int row, int context) {
  /**
   * Those of a model.
   *
   * @param row where it is absent, as long as the model's context
   * @throws ConfigException if it is longer than two contexts
   */
  static PairLimits of(ModelConfig model, OptionalInt row) {
    int context = model.contextLength();
    int positions = row.orElse(context);
    Check.that(
        positions <= 2L * context,
        "data.context-length",
        "must be at most twice the model's %s, for two answers, got %s",
        context,
        positions);
    return new PairLimits(positions, context);
  }

  /** The most tokens of one answer with its prompt. */
  int answer() {
    return Math.min(row, context);
  }
}
