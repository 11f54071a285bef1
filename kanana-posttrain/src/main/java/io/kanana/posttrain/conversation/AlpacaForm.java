package io.kanana.posttrain.conversation;

import java.util.ArrayList;
import java.util.List;

/** Reads {@link RecordForm#ALPACA}. */
record AlpacaForm(Fields record) {
  private static final String NOT_TEXT = "content-not-text";

  Conversation conversation() throws BadConversationException {
    List<Message> messages = new ArrayList<>();
    String system = record.text("system", NOT_TEXT).orElse("");
    if (!system.isBlank()) {
      messages.add(Message.of(Role.SYSTEM, system));
    }
    for (Object pair : record.list("history", "history-not-pairs")) {
      addPair(pair, messages);
    }
    messages.add(Message.of(Role.USER, question()));
    messages.add(Message.of(Role.ASSISTANT, record.requireText("output", "content-missing")));
    return Conversation.of(messages, ToolFields.tools(record), RecordForm.origin(record));
  }

  private String question() throws BadConversationException {
    String instruction = record.requireText("instruction", "content-missing");
    String input = record.text("input", NOT_TEXT).orElse("");
    return input.isBlank() ? instruction : instruction + "\n\n" + input;
  }

  private static void addPair(Object pair, List<Message> messages) throws BadConversationException {
    boolean fits =
        pair instanceof List<?> list
            && list.size() == 2
            && list.stream().allMatch(String.class::isInstance);
    if (!fits) {
      throw new BadConversationException(
          "history-not-pairs", "an element of 'history' is not a pair of texts");
    }
    messages.add(Message.of(Role.USER, (String) ((List<?>) pair).get(0)));
    messages.add(Message.of(Role.ASSISTANT, (String) ((List<?>) pair).get(1)));
  }
}
