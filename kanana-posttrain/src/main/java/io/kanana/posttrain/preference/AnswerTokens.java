package io.kanana.posttrain.preference;

import io.kanana.posttrain.conversation.ConversationTokens;
import io.kanana.posttrain.conversation.ConversationTokens.Turn;
import java.util.Arrays;

/**
 * A prompt and an answer to it, as a model reads them.
 *
 * @param ids of prompt and answer
 * @param answered the first token of the answer, at least 1 and before the end: everything from it
 *     on is the answer, the token that ends it included
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record AnswerTokens(int[] ids, int answered) {
  public AnswerTokens {
    if (answered < 1 || answered >= ids.length) {
      throw new IllegalArgumentException(
          "an answer must begin within 1 .. " + (ids.length - 1) + ", got " + answered);
    }
  }

  /** A conversation up to its last answer: what stands behind it is left out. */
  static AnswerTokens of(ConversationTokens conversation) {
    Turn last = conversation.turns().getLast();
    return new AnswerTokens(Arrays.copyOf(conversation.ids(), last.to()), last.from());
  }

  /** Tokens of prompt and answer. */
  public int length() {
    return ids.length;
  }

  /** Tokens of the answer. */
  public int answerLength() {
    return ids.length - answered;
  }
}
