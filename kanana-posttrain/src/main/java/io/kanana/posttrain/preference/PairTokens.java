package io.kanana.posttrain.preference;

import io.kanana.core.config.Check;

/**
 * Two answers to one prompt.
 *
 * @param margin how much better the chosen one is; 0 where nothing is said
 */
public record PairTokens(AnswerTokens chosen, AnswerTokens rejected, double margin) {
  public PairTokens {
    Check.that(Double.isFinite(margin), "margin", "must be a number, got %s", margin);
  }

  public PairTokens(AnswerTokens chosen, AnswerTokens rejected) {
    this(chosen, rejected, 0);
  }

  /** Tokens of both, each with the prompt. */
  public int length() {
    return chosen.length() + rejected.length();
  }
}
