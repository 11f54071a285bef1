package io.kanana.posttrain.conversation;

import io.kanana.data.document.WellFormed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one party says. Immutable.
 *
 * @param role who speaks
 * @param content what is said; of well-formed Unicode, and perhaps empty where functions are called
 * @param reasoning what the assistant thinks before it speaks, for templates that show it
 * @param toolCalls functions that the assistant calls
 * @param toolCallId of a tool's answer: which call it answers, where the record has ids
 * @param name of a tool's answer: the function, where the record names it
 */
public record Message(
    Role role,
    String content,
    Optional<String> reasoning,
    List<ToolCall> toolCalls,
    Optional<String> toolCallId,
    Optional<String> name) {
  public Message {
    content = WellFormed.of(content);
    reasoning = reasoning.map(WellFormed::of);
    toolCalls = List.copyOf(toolCalls);
  }

  /** A message of text alone. */
  public static Message of(Role role, String content) {
    return new Message(
        role, content, Optional.empty(), List.of(), Optional.empty(), Optional.empty());
  }

  /** A message in which the assistant calls functions. */
  public static Message calling(String content, List<ToolCall> calls) {
    return new Message(
        Role.ASSISTANT, content, Optional.empty(), calls, Optional.empty(), Optional.empty());
  }

  /** As a chat template sees it; a key that does not apply is absent. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("role", role.label());
    fields.put("content", content);
    reasoning.ifPresent(text -> fields.put("reasoning_content", text));
    if (!toolCalls.isEmpty()) {
      fields.put("tool_calls", toolCalls.stream().map(ToolCall::fields).toList());
    }
    toolCallId.ifPresent(id -> fields.put("tool_call_id", id));
    name.ifPresent(own -> fields.put("name", own));
    return fields;
  }
}
