package io.kanana.posttrain.conversation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@link RecordForm#MESSAGES}. */
record MessagesForm(Fields record) {
  Conversation conversation() throws BadConversationException {
    List<Message> messages = new ArrayList<>();
    int number = 0;
    for (Object element : record.list("messages", "messages-not-a-list")) {
      Fields fields = Fields.of("message " + ++number, element, "message-not-an-object");
      Message message = message(fields);
      if (message.role() != Role.SYSTEM || !message.content().isBlank()) {
        messages.add(message);
      }
    }
    return Conversation.of(messages, ToolFields.tools(record), RecordForm.origin(record));
  }

  private static Message message(Fields fields) throws BadConversationException {
    Role role = role(fields);
    if (fields.get("weight") instanceof Number weight && weight.doubleValue() != 1) {
      throw new BadConversationException(
          "weight-not-supported", fields.place() + " has weight " + weight);
    }
    List<ToolCall> calls = ToolFields.calls(fields);
    Optional<String> content = fields.content("content");
    if (content.isEmpty() && calls.isEmpty() && role != Role.ASSISTANT) {
      throw new BadConversationException("content-missing", fields.place() + " has no 'content'");
    }
    return new Message(
        role,
        content.orElse(""),
        reasoning(fields),
        calls,
        fields.text("tool_call_id", "tool-result-without-call"),
        fields.text("name", "name-not-text"));
  }

  private static Role role(Fields fields) throws BadConversationException {
    String name = fields.requireText("role", "role-missing");
    return switch (name) {
      case "system", "developer" -> Role.SYSTEM;
      case "user" -> Role.USER;
      case "assistant" -> Role.ASSISTANT;
      case "tool", "function" -> Role.TOOL;
      default ->
          throw new BadConversationException(
              "unknown-role", fields.place() + " is of '" + name + "'");
    };
  }

  private static Optional<String> reasoning(Fields fields) throws BadConversationException {
    for (String name : List.of("reasoning_content", "reasoning", "thinking")) {
      Optional<String> text = fields.text(name, "content-not-text");
      if (text.isPresent()) {
        return text;
      }
    }
    return Optional.empty();
  }
}
