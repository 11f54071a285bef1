package io.kanana.core.template;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A message of the simple kind: somebody says a text. Messages with parts, tool calls or keys of a
 * template's own are maps or JSON objects instead.
 *
 * @param role who speaks: {@code system}, {@code user}, {@code assistant}, …
 * @param content what is said
 */
public record ChatMessage(String role, String content) {
  public static ChatMessage system(String content) {
    return new ChatMessage("system", content);
  }

  public static ChatMessage user(String content) {
    return new ChatMessage("user", content);
  }

  public static ChatMessage assistant(String content) {
    return new ChatMessage("assistant", content);
  }

  /** The message as the map that a template sees. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("role", role);
    fields.put("content", content);
    return fields;
  }
}
