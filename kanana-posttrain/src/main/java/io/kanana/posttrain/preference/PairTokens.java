package io.kanana.posttrain.preference;

import io.kanana.core.config.Check;
import io.kanana.posttrain.conversation.BadConversationException;
import java.util.Arrays;
import java.util.Locale;

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

  /**
   * This pair, if something can be learnt of it.
   *
   * @param longest the most tokens of a pair
   * @throws BadConversationException {@code chosen-equals-rejected} or {@code longer-than-a-row}
   */
  PairTokens usable(int longest) throws BadConversationException {
    if (Arrays.equals(chosen.ids(), rejected.ids())) {
      throw new BadConversationException(
          "chosen-equals-rejected", "both answers are the same tokens");
    }
    if (length() > longest) {
      throw new BadConversationException(
          "longer-than-a-row",
          String.format(
              Locale.ROOT,
              "has %d tokens, a row %d; give a larger context-length",
              length(),
              longest));
    }
    return this;
  }

  /** Tokens of both, each with the prompt. */
  public int length() {
    return chosen.length() + rejected.length();
  }
}
