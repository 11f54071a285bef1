package io.kanana.posttrain.conversation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * A conversation with an assistant: the tree of its messages, with the functions that the assistant
 * calls and their results. Immutable, and always one that keeps these rules; each is the reason
 * under which a record that breaks it is counted.
 *
 * <ul>
 *   <li>{@code no-messages}: there is at least one message.
 *   <li>{@code two-system-messages}, {@code system-not-first}: at most one system message, and that
 *       before all others.
 *   <li>{@code user-not-first}: after it the user speaks. An assistant that begins answers
 *       something that is not there.
 *   <li>{@code roles-do-not-alternate}: after the user speaks the assistant; after the assistant
 *       the user, or tools if it called some; after a tool another one or the assistant.
 *   <li>{@code empty-message}: what the user says is not blank, nor is a system message; {@code
 *       empty-answer}: nor is what the assistant says, unless it calls functions.
 *   <li>{@code two-tools-of-one-name}, {@code tool-call-without-tool}: functions have different
 *       names, and only those are called.
 *   <li>{@code tool-call-without-result}: the user speaks, or the assistant goes on, only after all
 *       calls have their results; the last message may be a call. {@code tool-result-without-call}:
 *       no result names a call that was not made just before, and there are no more results than
 *       calls.
 *   <li>{@code tool-call-not-the-assistants}: only the assistant calls functions.
 * </ul>
 *
 * <p>It may end with the user, or hold nothing else: what stands behind the assistant's last word
 * is not trained on, and may be a question.
 */
public final class Conversation {
  private final List<Message> messages;
  private final List<Tool> tools;
  private final Origin origin;

  private Conversation(List<Message> messages, List<Tool> tools, Origin origin) {
    this.messages = messages;
    this.tools = tools;
    this.origin = origin;
  }

  /**
   * A conversation of these messages.
   *
   * @param tools functions that the assistant may call
   * @throws BadConversationException naming the rule that is broken
   */
  public static Conversation of(List<Message> messages, List<Tool> tools, Origin origin)
      throws BadConversationException {
    ConversationRules.check(messages, tools);
    return new Conversation(List.copyOf(messages), List.copyOf(tools), origin);
  }

  /** In their order; never empty. */
  public List<Message> messages() {
    return messages;
  }

  /** Functions that the assistant may call. */
  public List<Tool> tools() {
    return tools;
  }

  public Origin origin() {
    return origin;
  }

  /** This conversation, which is about something. */
  Conversation of(String domain) {
    Origin known = new Origin(origin.source(), Optional.of(domain), origin.licence());
    return new Conversation(messages, tools, known);
  }

  /** The first messages as chat templates see them. */
  List<Map<String, Object>> fields(int count) {
    return messages.subList(0, count).stream().map(Message::fields).toList();
  }

  /** The tools as chat templates see them: a list, or null where there are none. */
  List<Map<String, Object>> toolFields() {
    return tools.isEmpty() ? null : tools.stream().map(Tool::fields).toList();
  }

  /**
   * What is said before the assistant speaks first, as one text: what all conversations that begin
   * with the same question have in common. Held-out data are chosen by it, of conversations, pairs
   * and questions alike, so that a question is on one side in every job of a chain.
   */
  public String question() {
    StringJoiner text = new StringJoiner("\n\n");
    for (Message message : messages) {
      if (message.role() == Role.ASSISTANT) {
        break;
      }
      text.add(message.role().label() + "\n" + message.content());
    }
    return text.toString();
  }

  /** All that is said in it, and nothing else, as one text: equal for equal conversations. */
  public String canonical() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("messages", fields(messages.size()));
    all.put("tools", new ArrayList<>(tools.stream().map(Tool::fields).toList()));
    return JsonValue.written(all);
  }
}
