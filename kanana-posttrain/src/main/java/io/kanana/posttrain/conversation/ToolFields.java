package io.kanana.posttrain.conversation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Functions and calls as records hold them. */
final class ToolFields {
  private static final String BAD_TOOLS = "tools-not-functions";
  private static final String BAD_CALL = "tool-call-not-a-call";

  private ToolFields() {}

  /** The functions of a record: a list, or the JSON text of one. */
  static List<Tool> tools(Fields record) throws BadConversationException {
    Object given = record.has("tools") ? record.get("tools") : record.get("functions");
    if (given instanceof String text) {
      given = text.isBlank() ? null : JsonValue.parsed(text);
      if (given == null && !text.isBlank()) {
        throw new BadConversationException(BAD_TOOLS, "'tools' is a text that is not JSON");
      }
    }
    if (given == null) {
      return List.of();
    }
    if (!(given instanceof List<?> list)) {
      throw new BadConversationException(BAD_TOOLS, "'tools' is " + JsonValue.kind(given));
    }
    List<Tool> tools = new ArrayList<>();
    for (Object element : list) {
      tools.add(tool(Fields.of("tool " + (tools.size() + 1), element, BAD_TOOLS)));
    }
    return tools;
  }

  /** {@code {type: function, function: {...}}}, or what {@code function} holds alone. */
  private static Tool tool(Fields fields) throws BadConversationException {
    Fields function =
        fields.has("function")
            ? Fields.of(fields.place(), fields.get("function"), BAD_TOOLS)
            : fields;
    return new Tool(
        function.requireText("name", BAD_TOOLS), JsonValue.frozenMap(function.values()));
  }

  /** The calls of a message of OpenAI's form. */
  static List<ToolCall> calls(Fields message) throws BadConversationException {
    List<ToolCall> calls = new ArrayList<>();
    for (Object element : message.list("tool_calls", BAD_CALL)) {
      calls.add(call(Fields.of(message.place() + ", a tool call", element, BAD_CALL)));
    }
    if (message.has("function_call")) {
      calls.add(
          call(
              Fields.of(
                  message.place() + ", the function call",
                  message.get("function_call"),
                  BAD_CALL)));
    }
    return calls;
  }

  /** The calls that a text holds as JSON: one, or a list of them. */
  static List<ToolCall> calls(String place, String text) throws BadConversationException {
    Object parsed = JsonValue.parsed(text);
    List<ToolCall> calls = new ArrayList<>();
    for (Object element : parsed instanceof List<?> list ? list : List.of(orNothing(parsed))) {
      calls.add(call(Fields.of(place, element, BAD_CALL)));
    }
    if (calls.isEmpty()) {
      throw new BadConversationException(BAD_CALL, place + " is an empty list of calls");
    }
    return calls;
  }

  private static Object orNothing(Object parsed) {
    return parsed == null ? "" : parsed;
  }

  private static ToolCall call(Fields call) throws BadConversationException {
    Fields function =
        call.has("function") ? Fields.of(call.place(), call.get("function"), BAD_CALL) : call;
    Optional<String> id = call.text("id", BAD_CALL);
    Object arguments =
        function.has("arguments") ? function.get("arguments") : function.get("parameters");
    return new ToolCall(
        id, function.requireText("name", BAD_CALL), arguments(function.place(), arguments));
  }

  private static Map<String, Object> arguments(String place, Object given)
      throws BadConversationException {
    Object value = given instanceof String text && !text.isBlank() ? JsonValue.parsed(text) : given;
    boolean none = given == null || (given instanceof String text && text.isBlank());
    if (none) {
      return new LinkedHashMap<>();
    }
    if (value instanceof Map<?, ?> map) {
      return JsonValue.frozenMap(map);
    }
    throw new BadConversationException(
        "tool-call-arguments", place + " has arguments that are no JSON object");
  }
}
