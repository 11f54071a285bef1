package io.kanana.posttrain.conversation;

import java.util.List;
import java.util.Optional;

/** Conversations of one question and its answer, for those that are made and not read. */
public final class Exchange {
  private Exchange() {}

  /**
   * One of them.
   *
   * @param source stands where others have the name of a file
   * @param domain what kind of question it is
   * @throws IllegalArgumentException if either is blank
   */
  public static Conversation of(String source, String domain, String question, String answer) {
    List<Message> messages =
        List.of(Message.of(Role.USER, question), Message.of(Role.ASSISTANT, answer));
    Origin origin = new Origin(Optional.of(source), Optional.of(domain), Optional.empty());
    try {
      return Conversation.of(messages, List.of(), origin);
    } catch (BadConversationException e) {
      throw new IllegalArgumentException("question and answer are a conversation", e);
    }
  }
}
