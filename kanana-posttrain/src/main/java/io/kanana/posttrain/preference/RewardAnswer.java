package io.kanana.posttrain.preference;

import io.kanana.core.template.ChatMessage;
import java.util.List;
import java.util.Optional;

/**
 * An answer that is to be scored.
 *
 * @param tokens of prompt and answer, as the model that gave it reads them
 * @param prompt the conversation that it answers
 * @param text of the answer, without the token that ends it
 * @param expected what is known to be right, for rules that compare with it
 */
public record RewardAnswer(
    AnswerTokens tokens, List<ChatMessage> prompt, String text, Optional<String> expected) {
  public RewardAnswer {
    prompt = List.copyOf(prompt);
  }
}
