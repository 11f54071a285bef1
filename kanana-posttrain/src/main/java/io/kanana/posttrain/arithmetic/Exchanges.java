package io.kanana.posttrain.arithmetic;

import io.kanana.posttrain.conversation.BadConversationException;
import io.kanana.posttrain.conversation.Conversation;
import io.kanana.posttrain.conversation.Message;
import io.kanana.posttrain.conversation.Origin;
import io.kanana.posttrain.conversation.Role;
import java.util.List;
import java.util.Optional;

/** Conversations of one question and its answer. */
final class Exchanges {
  /** Stands where others have the name of a file. */
  static final String SOURCE = "arithmetic";

  private static final Origin ORIGIN =
      new Origin(Optional.of(SOURCE), Optional.of("math"), Optional.empty());

  private Exchanges() {}

  static Conversation of(String question, String answer) {
    List<Message> messages =
        List.of(Message.of(Role.USER, question), Message.of(Role.ASSISTANT, answer));
    try {
      return Conversation.of(messages, List.of(), ORIGIN);
    } catch (BadConversationException e) {
      throw new IllegalStateException("question and answer are a conversation", e);
    }
  }
}
