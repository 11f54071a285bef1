package io.kanana.posttrain.online;

import io.kanana.posttrain.preference.AnswerTokens;
import java.util.Arrays;

/**
 * What a model said.
 *
 * @param text without special tokens
 * @param ids every token that was drawn, the one that ends it included
 * @param ended whether the model ended it, and not a limit
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record Answer(Question question, String text, int[] ids, boolean ended) {
  /** Question and answer as a document. */
  AnswerTokens tokens() {
    int[] prompt = question.ids();
    int[] all = Arrays.copyOf(prompt, prompt.length + ids.length);
    System.arraycopy(ids, 0, all, prompt.length, ids.length);
    return new AnswerTokens(all, prompt.length);
  }
}
