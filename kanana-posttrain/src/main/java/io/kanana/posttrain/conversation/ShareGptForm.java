package io.kanana.posttrain.conversation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@link RecordForm#SHAREGPT}. */
record ShareGptForm(Fields record) {
  Conversation conversation() throws BadConversationException {
    List<Message> messages = new ArrayList<>();
    Optional<String> system = record.text("system", "content-not-text");
    system
        .filter(text -> !text.isBlank())
        .ifPresent(text -> messages.add(Message.of(Role.SYSTEM, text)));
    int number = 0;
    for (Object element : record.list("conversations", "messages-not-a-list")) {
      Fields fields = Fields.of("message " + ++number, element, "message-not-an-object");
      Message message = message(fields);
      if (message.role() != Role.SYSTEM || !message.content().isBlank()) {
        messages.add(message);
      }
    }
    return Conversation.of(messages, ToolFields.tools(record), RecordForm.origin(record));
  }

  private static Message message(Fields fields) throws BadConversationException {
    String from = fields.requireText("from", "role-missing");
    String value =
        fields
            .content("value")
            .orElseThrow(
                () ->
                    new BadConversationException(
                        "content-missing", fields.place() + " has no 'value'"));
    return switch (from) {
      case "human", "user" -> Message.of(Role.USER, value);
      case "gpt", "assistant", "chatgpt", "bing", "bard", "bot", "model" ->
          Message.of(Role.ASSISTANT, value);
      case "system" -> Message.of(Role.SYSTEM, value);
      case "tool", "observation", "function_response" -> Message.of(Role.TOOL, value);
      case "function_call" -> Message.calling("", ToolFields.calls(fields.place(), value));
      default ->
          throw new BadConversationException(
              "unknown-role", fields.place() + " is of '" + from + "'");
    };
  }
}
