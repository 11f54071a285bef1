package io.kanana.posttrain.conversation;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A function that the assistant may call. Immutable.
 *
 * @param name what calls name it by
 * @param function its {@code name}, {@code description} and {@code parameters}, as JSON
 */
public record Tool(String name, Map<String, Object> function) {
  public Tool {
    function = JsonValue.frozenMap(function);
  }

  /** As a chat template sees it. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", "function");
    fields.put("function", function);
    return fields;
  }
}
