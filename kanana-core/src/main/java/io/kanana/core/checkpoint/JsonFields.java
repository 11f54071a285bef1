package io.kanana.core.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.CheckpointException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** Typed access to an object of a JSON file; every error names file, key, value and rule. */
final class JsonFields {
  /** Values that say nothing, as JSON. */
  private static final Set<String> OFF = Set.of("false", "\"\"", "{}", "[]");

  private final String file;
  private final String prefix;
  private final ObjectNode node;

  JsonFields(String file, String prefix, ObjectNode node) {
    this.file = file;
    this.prefix = prefix;
    this.node = node;
  }

  CheckpointException error(String key, String rule) {
    return new CheckpointException(file + ": " + Quoted.of(prefix + key) + " " + rule);
  }

  private CheckpointException wrongKind(String key, String kind) {
    return error(key, "must be " + kind + ", got " + Quoted.of(node.path(key).toString()));
  }

  /** Whether the key is there and not null. */
  boolean has(String key) {
    return node.hasNonNull(key);
  }

  /** Whether the key says anything: it is not absent, null, false, or empty. */
  boolean isOn(String key) {
    return has(key) && !OFF.contains(node.get(key).toString());
  }

  /** The value as JSON; {@code null} where the key is absent. */
  String shown(String key) {
    return has(key) ? node.get(key).toString() : "null";
  }

  Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private void require(String key) {
    if (!has(key)) {
      throw error(key, "is missing");
    }
  }

  Optional<JsonFields> object(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    if (node.get(key) instanceof ObjectNode object) {
      return Optional.of(new JsonFields(file, prefix + key + ".", object));
    }
    throw wrongKind(key, "an object");
  }

  JsonFields requireObject(String key) {
    require(key);
    return object(key).orElseThrow();
  }

  List<JsonFields> objects(String key) {
    return list(key).stream()
        .map(
            item -> {
              if (item instanceof ObjectNode object) {
                return new JsonFields(file, prefix + key + "[].", object);
              }
              throw wrongKind(key, "a list of objects");
            })
        .toList();
  }

  List<String> strings(String key) {
    return list(key).stream()
        .map(
            item -> {
              if (item.isTextual()) {
                return item.textValue();
              }
              throw wrongKind(key, "a list of strings");
            })
        .toList();
  }

  private List<JsonNode> list(String key) {
    require(key);
    if (!node.get(key).isArray()) {
      throw wrongKind(key, "a list");
    }
    return StreamSupport.stream(node.get(key).spliterator(), false).toList();
  }

  /** One number or a list of them; none where the key is absent. */
  List<Integer> intOrInts(String key) {
    if (!has(key)) {
      return List.of();
    }
    List<JsonNode> items = node.get(key).isArray() ? list(key) : List.of(node.get(key));
    return items.stream()
        .map(
            item -> {
              if (item.isIntegralNumber() && item.canConvertToInt()) {
                return item.intValue();
              }
              throw wrongKind(key, "a whole number or a list of them");
            })
        .toList();
  }

  Optional<String> string(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    if (!node.get(key).isTextual()) {
      throw wrongKind(key, "a string");
    }
    return Optional.of(node.get(key).textValue());
  }

  String requireString(String key) {
    require(key);
    return string(key).orElseThrow();
  }

  OptionalLong whole(String key) {
    if (!has(key)) {
      return OptionalLong.empty();
    }
    JsonNode value = node.get(key);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrongKind(key, "a whole number");
    }
    return OptionalLong.of(value.longValue());
  }

  long requireWhole(String key) {
    require(key);
    return whole(key).orElseThrow();
  }

  int requireInt(String key) {
    long value = requireWhole(key);
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw wrongKind(key, "from 0 to " + Integer.MAX_VALUE);
    }
    return (int) value;
  }

  int intOr(String key, int absent) {
    return has(key) ? requireInt(key) : absent;
  }

  OptionalDouble number(String key) {
    if (!has(key)) {
      return OptionalDouble.empty();
    }
    JsonNode value = node.get(key);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw wrongKind(key, "a finite number");
    }
    return OptionalDouble.of(value.doubleValue());
  }

  double requireNumber(String key) {
    require(key);
    return number(key).orElseThrow();
  }

  boolean flag(String key, boolean absent) {
    if (!has(key)) {
      return absent;
    }
    if (!node.get(key).isBoolean()) {
      throw wrongKind(key, "true or false");
    }
    return node.get(key).booleanValue();
  }
}
