package io.kanana.posttrain.online;

import io.kanana.posttrain.conversation.Message;
import java.util.List;
import java.util.Optional;

/**
 * Something to be answered.
 *
 * @param messages what was said so far; the user's words last
 * @param ids the prompt as the model reads it
 * @param answer what the data have as the answer, for rewards that compare with it
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record Question(List<Message> messages, int[] ids, Optional<String> answer) {
  public Question {
    messages = List.copyOf(messages);
  }

  /** The last message, for people. */
  public String text() {
    return messages.getLast().content();
  }
}
