package io.kanana.eval.request;

import java.util.List;
import java.util.stream.Collectors;

/** What a model reads before it speaks. */
public sealed interface Context {
  /** A text, where there was a conversation already written as the model's template wants it. */
  record Text(String text) implements Context {}

  /**
   * Turns, for an endpoint that writes them itself.
   *
   * @param messages at least one
   */
  record Conversation(List<Message> messages) implements Context {
    public Conversation {
      messages = List.copyOf(messages);
    }

    @Override
    public String text() {
      return messages.stream()
          .map(message -> message.role() + ": " + message.content())
          .collect(Collectors.joining("\n"));
    }
  }

  /** The text, for people and for hashes. */
  String text();
}
