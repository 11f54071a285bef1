package io.kanana.posttrain.conversation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A function that the assistant calls. Immutable.
 *
 * @param id what a result names it by, where the record has ids
 * @param name of the function
 * @param arguments by name, as JSON values
 */
public record ToolCall(Optional<String> id, String name, Map<String, Object> arguments) {
  public ToolCall {
    arguments = JsonValue.frozenMap(arguments);
  }

  /**
   * As a chat template sees it, {@code arguments} an object: templates that want text make it
   * themselves, and one that is text already would be quoted twice.
   */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    id.ifPresent(own -> fields.put("id", own));
    fields.put("type", "function");
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", name);
    function.put("arguments", arguments);
    fields.put("function", function);
    return fields;
  }
}
