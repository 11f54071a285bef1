package io.kanana.posttrain.conversation;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Holds messages against the rules that {@link Conversation} states. For one conversation. */
final class ConversationRules {
  private final List<Message> messages;
  private final Set<String> tools = new HashSet<>();

  /** Calls that have no result yet: all of them, and the ids of those that have one. */
  private int waiting;

  private final Set<String> waitingIds = new HashSet<>();
  private boolean waitingHaveIds;

  private ConversationRules(List<Message> messages) {
    this.messages = messages;
  }

  static void check(List<Message> messages, List<Tool> tools) throws BadConversationException {
    ConversationRules rules = new ConversationRules(messages);
    rules.checkTools(tools);
    rules.checkRoles();
    for (int i = 0; i < messages.size(); i++) {
      rules.checkMessage(i);
    }
  }

  private void checkTools(List<Tool> all) throws BadConversationException {
    for (Tool tool : all) {
      if (!tools.add(tool.name())) {
        throw new BadConversationException("two-tools-of-one-name", tool.name());
      }
    }
  }

  private void checkRoles() throws BadConversationException {
    if (messages.isEmpty()) {
      throw new BadConversationException("no-messages", "the list of messages is empty");
    }
    long systems = messages.stream().filter(m -> m.role() == Role.SYSTEM).count();
    if (systems > 1) {
      throw new BadConversationException("two-system-messages", systems + " system messages");
    }
    if (systems == 1 && messages.getFirst().role() != Role.SYSTEM) {
      throw new BadConversationException(
          "system-not-first", "the first message is the " + messages.getFirst().role().label());
    }
  }

  private void checkMessage(int index) throws BadConversationException {
    Message message = messages.get(index);
    Role before = index == 0 ? Role.SYSTEM : messages.get(index - 1).role();
    switch (message.role()) {
      case SYSTEM -> requireText(index, "empty-message");
      case USER -> {
        requireOrder(before == Role.SYSTEM || before == Role.ASSISTANT, index, before);
        requireResults(index);
        requireText(index, "empty-message");
      }
      case ASSISTANT -> checkAnswer(index, before);
      case TOOL -> checkResult(index, before);
    }
    if (message.role() != Role.ASSISTANT && !message.toolCalls().isEmpty()) {
      throw bad("tool-call-not-the-assistants", index, "calls a function");
    }
  }

  private void checkAnswer(int index, Role before) throws BadConversationException {
    if (before == Role.SYSTEM) {
      throw bad("user-not-first", index, "comes before any of the user");
    }
    requireResults(index);
    requireOrder(before == Role.USER || before == Role.TOOL, index, before);
    Message message = messages.get(index);
    if (message.toolCalls().isEmpty()) {
      requireText(index, "empty-answer");
    }
    for (ToolCall call : message.toolCalls()) {
      if (!tools.contains(call.name())) {
        throw bad("tool-call-without-tool", index, "calls " + call.name() + ", tools are " + tools);
      }
      waiting++;
      call.id().ifPresent(waitingIds::add);
    }
    waitingHaveIds = message.toolCalls().stream().allMatch(call -> call.id().isPresent());
  }

  private void checkResult(int index, Role before) throws BadConversationException {
    if (before == Role.SYSTEM) {
      throw bad("user-not-first", index, "comes before any of the user");
    }
    Optional<String> id = messages.get(index).toolCallId();
    boolean named = id.isPresent() && waitingHaveIds;
    if (waiting == 0 || (named && !waitingIds.remove(id.get()))) {
      throw bad(
          "tool-result-without-call",
          index,
          "answers "
              + id.map(own -> "call " + own + ", which").orElse("a call that")
              + " was not made");
    }
    waiting--;
  }

  private void requireResults(int index) throws BadConversationException {
    if (waiting > 0) {
      throw bad("tool-call-without-result", index, "comes before " + waiting + " results");
    }
    waitingIds.clear();
  }

  private void requireOrder(boolean holds, int index, Role before) throws BadConversationException {
    if (!holds) {
      throw bad("roles-do-not-alternate", index, "comes after one of the " + before.label());
    }
  }

  private void requireText(int index, String reason) throws BadConversationException {
    if (messages.get(index).content().isBlank()) {
      throw bad(reason, index, "is blank");
    }
  }

  private BadConversationException bad(String reason, int index, String what) {
    return new BadConversationException(
        reason,
        String.format(
            Locale.ROOT,
            "message %d of %d, of the %s, %s",
            index + 1,
            messages.size(),
            messages.get(index).role().label(),
            what));
  }
}
