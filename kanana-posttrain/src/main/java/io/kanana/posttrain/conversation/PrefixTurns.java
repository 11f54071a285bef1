package io.kanana.posttrain.conversation;

import io.kanana.core.error.CheckpointException;
import io.kanana.posttrain.conversation.ConversationTokens.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Finds what the assistant says in the text of a chat template that does not mark it, from the tree
 * of messages: the text of the messages before one of the assistant's, with the prompt to answer,
 * and the text that ends with that message differ by what the assistant says. That is so only where
 * the first text is the beginning of the second, and the second that of the whole conversation;
 * nothing is assumed where it is not.
 */
final class PrefixTurns {
  /** Renders the first messages of a conversation. */
  interface Renderer {
    String text(int messages, boolean generationPrompt) throws BadConversationException;
  }

  private final Conversation conversation;
  private final Renderer renderer;
  private final String whole;

  /**
   * @param whole the text of all messages
   */
  PrefixTurns(Conversation conversation, Renderer renderer, String whole) {
    this.conversation = conversation;
    this.renderer = renderer;
    this.whole = whole;
  }

  List<Turn> find(RenderedText text) throws BadConversationException {
    List<Message> messages = conversation.messages();
    List<Turn> turns = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).role() == Role.ASSISTANT) {
        String asked = renderer.text(i, true);
        String answered = i + 1 == messages.size() ? whole : renderer.text(i + 1, false);
        require(answered.startsWith(asked), i, "begins otherwise than its generation prompt says");
        require(whole.startsWith(answered), i, "is written otherwise when more messages follow");
        turns.add(text.turn(asked.length(), answered.length()));
      }
    }
    return turns;
  }

  private void require(boolean holds, int index, String fault) {
    if (!holds) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "the chat template has no generation block, and message %d of %d, of the assistant, %s, so"
                  + " nothing tells which tokens the assistant says; put {%% generation %%} and"
                  + " {%% endgeneration %%} around what it says and the token that ends its turn, or"
                  + " choose another template",
              index + 1,
              conversation.messages().size(),
              fault));
    }
  }
}
