package io.kanana.posttrain.preference;

import io.kanana.posttrain.conversation.BadConversationException;
import io.kanana.posttrain.conversation.Conversation;
import io.kanana.posttrain.conversation.Message;
import io.kanana.posttrain.conversation.RecordForm;
import io.kanana.posttrain.conversation.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a record holds a pair: {@code prompt} (messages, or the text of one of the user's), and
 * {@code chosen} and {@code rejected} (a text, or messages that end with the answer; without a
 * {@code prompt} these are whole conversations with the same beginning). {@code margin} is a
 * number. Everything else is as {@link RecordForm#MESSAGES} has it. Reasons of its own:
 *
 * <ul>
 *   <li>{@code answer-missing}: one of the two is not there: a truncated pair;
 *   <li>{@code chosen-equals-rejected}: nothing is preferred;
 *   <li>{@code prompts-differ}: the conversations differ before their last messages;
 *   <li>{@code answer-not-last}: the last message is not the assistant's;
 *   <li>{@code margin-not-a-number}.
 * </ul>
 */
record PreferenceForm(Map<String, Object> record) {
  PreferencePair pair() throws BadConversationException {
    Conversation chosen = conversation("chosen");
    Conversation rejected = conversation("rejected");
    requireAnswers(chosen, rejected);
    return new PreferencePair(chosen, rejected, margin());
  }

  private Conversation conversation(String name) throws BadConversationException {
    Object answer = record.get(name);
    if (answer == null) {
      throw new BadConversationException(
          "answer-missing", "has no '" + name + "', but " + record.keySet());
    }
    List<Object> messages = new ArrayList<>(prompt());
    if (answer instanceof List<?> list) {
      boolean whole = list.size() > messages.size() && begins(list, messages);
      messages.addAll(whole ? list.subList(messages.size(), list.size()) : list);
    } else {
      messages.add(message("assistant", answer));
    }
    Map<String, Object> whole = new HashMap<>(record);
    whole.put("messages", messages);
    return RecordForm.MESSAGES.parse(whole);
  }

  /** Some data sets have the prompt by itself and at the front of both conversations too. */
  private static boolean begins(List<?> list, List<Object> prompt) {
    return list.subList(0, prompt.size()).equals(prompt);
  }

  private List<?> prompt() {
    return switch (record.get("prompt")) {
      case null -> List.of();
      case List<?> list -> list;
      case Object text -> List.of(message("user", text));
    };
  }

  private static Map<String, Object> message(String role, Object content) {
    Map<String, Object> message = new HashMap<>();
    message.put("role", role);
    message.put("content", content);
    return message;
  }

  private static void requireAnswers(Conversation chosen, Conversation rejected)
      throws BadConversationException {
    for (Conversation each : List.of(chosen, rejected)) {
      if (each.messages().getLast().role() != Role.ASSISTANT) {
        throw new BadConversationException(
            "answer-not-last",
            "the last message is of the " + each.messages().getLast().role().label());
      }
    }
    if (!beginning(chosen).equals(beginning(rejected))) {
      throw new BadConversationException(
          "prompts-differ", "the messages before the two answers are not the same");
    }
    if (chosen.messages().getLast().equals(rejected.messages().getLast())) {
      throw new BadConversationException(
          "chosen-equals-rejected", "both answers are the same text");
    }
  }

  private static List<Message> beginning(Conversation conversation) {
    return conversation.messages().subList(0, conversation.messages().size() - 1);
  }

  private double margin() throws BadConversationException {
    return switch (record.get("margin")) {
      case null -> 0;
      case Number number when Double.isFinite(number.doubleValue()) -> number.doubleValue();
      case Object other ->
          throw new BadConversationException("margin-not-a-number", "margin is " + other);
    };
  }
}
