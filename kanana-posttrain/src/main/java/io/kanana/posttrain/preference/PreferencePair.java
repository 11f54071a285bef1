package io.kanana.posttrain.preference;

import io.kanana.posttrain.conversation.Conversation;
import io.kanana.posttrain.conversation.Message;
import java.util.List;

/**
 * Two conversations that differ in their last message, an answer of the assistant's.
 *
 * @param margin how much better the chosen one is; 0 where nothing is said
 */
public record PreferencePair(Conversation chosen, Conversation rejected, double margin) {
  /** The messages before the answers. */
  public List<Message> prompt() {
    return chosen.messages().subList(0, chosen.messages().size() - 1);
  }
}
