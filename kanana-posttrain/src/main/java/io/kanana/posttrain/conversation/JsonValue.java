package io.kanana.posttrain.conversation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.data.document.WellFormed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as maps, lists, texts, numbers, truth values and null. */
final class JsonValue {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JsonValue() {}

  /** A copy that nobody can change, of well-formed Unicode. */
  static Object frozen(Object value) {
    return switch (value) {
      case Map<?, ?> map -> frozenMap(map);
      case Collection<?> list -> {
        List<Object> copy = new ArrayList<>(list.size());
        list.forEach(element -> copy.add(frozen(element)));
        yield Collections.unmodifiableList(copy);
      }
      case String text -> WellFormed.of(text);
      case null -> null;
      default -> value;
    };
  }

  static Map<String, Object> frozenMap(Map<?, ?> map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(WellFormed.of(String.valueOf(key)), frozen(value)));
    return Collections.unmodifiableMap(copy);
  }

  /** What a text holds as JSON; null where it holds none. */
  static Object parsed(String text) {
    try {
      return JSON.readValue(text, Object.class);
    } catch (JsonProcessingException _) {
      return null;
    }
  }

  static String written(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("values that came from JSON are JSON", e);
    }
  }

  /** What it is, for a message. */
  static String kind(Object value) {
    return switch (value) {
      case null -> "null";
      case String _ -> "a string";
      case Number _ -> "a number";
      case Boolean _ -> "a boolean";
      case Collection<?> _ -> "an array";
      default -> "an object";
    };
  }
}
