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
   * @throws BadConversationException {@code chosen-equals-rejected}, {@code longer-than-a-row} or
   *     {@code longer-than-the-context}
   */
  PairTokens usable(PairLimits limits) throws BadConversationException {
    if (Arrays.equals(chosen.ids(), rejected.ids())) {
      throw new BadConversationException(
          "chosen-equals-rejected", "both answers are the same tokens");
    }
    int longer = Math.max(chosen.length(), rejected.length());
    if (longer > limits.context()) {
      throw tooLong(
          "longer-than-the-context",
          "an answer has %d tokens with its prompt, the model's context %d",
          longer,
          limits.context());
    }
    if (length() > limits.row()) {
      throw tooLong(
          "longer-than-a-row",
          "has %d tokens, a row %d; give a larger context-length",
          length(),
          limits.row());
    }
    return this;
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency of its own
  private static BadConversationException tooLong(
      String reason, String format, int found, int limit) {
    return new BadConversationException(reason, String.format(Locale.ROOT, format, found, limit));
  }

  /** Tokens of both, each with the prompt. */
  public int length() {
    return chosen.length() + rejected.length();
  }
}
