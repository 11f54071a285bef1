package io.kanana.posttrain.conversation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a JSON object, by the kind of value that they must have.
 *
 * @param place names the object in messages: {@code message 2}
 */
record Fields(String place, Map<?, ?> values) {
  /** The fields of a value, which must be an object. */
  static Fields of(String place, Object value, String reason) throws BadConversationException {
    if (value instanceof Map<?, ?> map) {
      return new Fields(place, map);
    }
    throw new BadConversationException(
        reason, place + " is " + JsonValue.kind(value) + ", not an object");
  }

  Object get(String name) {
    return values.get(name);
  }

  boolean has(String name) {
    return values.get(name) != null;
  }

  /** A text; empty where there is none, or null. */
  Optional<String> text(String name, String reason) throws BadConversationException {
    return switch (values.get(name)) {
      case null -> Optional.empty();
      case String text -> Optional.of(text);
      case Object other ->
          throw new BadConversationException(
              reason, place + ": '" + name + "' is " + JsonValue.kind(other) + ", not a string");
    };
  }

  String requireText(String name, String reason) throws BadConversationException {
    Optional<String> text = text(name, reason);
    if (text.isEmpty()) {
      throw new BadConversationException(reason, place + " has no '" + name + "'");
    }
    return text.get();
  }

  /** A list; one without elements where there is none, or null. */
  List<?> list(String name, String reason) throws BadConversationException {
    return switch (values.get(name)) {
      case null -> List.of();
      case List<?> list -> list;
      case Object other ->
          throw new BadConversationException(
              reason, place + ": '" + name + "' is " + JsonValue.kind(other) + ", not an array");
    };
  }

  /**
   * A text that may also stand in parts, of which all must be text. They are joined without
   * anything between.
   */
  Optional<String> content(String name) throws BadConversationException {
    if (!(values.get(name) instanceof List<?> parts)) {
      return text(name, "content-not-text");
    }
    List<String> texts = new ArrayList<>();
    for (Object part : parts) {
      texts.add(part instanceof String text ? text : partText(part));
    }
    return Optional.of(String.join("", texts));
  }

  private String partText(Object part) throws BadConversationException {
    Fields fields = of(place + ": a part", part, "content-not-text");
    if (!"text".equals(fields.get("type"))) {
      throw new BadConversationException(
          "content-not-text", place + " has a part of type '" + fields.get("type") + "'");
    }
    return fields.requireText("text", "content-not-text");
  }
}
