package io.kanana.core.template;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Turns what a program hands to a template into values of its own. */
final class JsonValues {
  private final Budget budget;
  private int depth;

  JsonValues(Budget budget) {
    this.budget = budget;
  }

  /** The value of JSON, or of the maps, lists, strings, numbers and booleans that are like it. */
  Value of(Object source) {
    budget.nesting(++depth);
    Value value =
        switch (source) {
          case null -> Value.None.NONE;
          case JsonNode node -> node(node);
          case Map<?, ?> map -> map(map);
          case Iterable<?> items -> list(items);
          case CharSequence text -> new Value.Str(text.toString());
          case Boolean flag -> Value.of(flag);
          case Number number -> number(number);
          case ChatMessage message -> map(message.fields());
          default ->
              throw new IllegalArgumentException(
                  "a template takes JSON-like values, not a " + source.getClass().getName());
        };
    depth--;
    return value;
  }

  private Value node(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> new Value.Str(node.textValue());
      case BOOLEAN -> Value.of(node.booleanValue());
      case NUMBER -> number(node.numberValue());
      case ARRAY -> list(node);
      case OBJECT -> object(node);
      default -> Value.None.NONE;
    };
  }

  private Value object(JsonNode node) {
    Dicts.Builder builder = new Dicts.Builder(budget);
    node.properties()
        .forEach(field -> builder.put(new Value.Str(field.getKey()), of(field.getValue())));
    return builder.build();
  }

  private Value map(Map<?, ?> map) {
    Dicts.Builder builder = new Dicts.Builder(budget);
    map.forEach((key, value) -> builder.put(new Value.Str(String.valueOf(key)), of(value)));
    return builder.build();
  }

  private Value list(Iterable<?> items) {
    List<Value> values = new ArrayList<>();
    items.forEach(item -> values.add(of(item)));
    return Sequences.list(budget, values);
  }

  private Value number(Number number) {
    return switch (number) {
      case BigInteger integer -> budget.integer(integer);
      case BigDecimal decimal -> new Value.Real(decimal.doubleValue());
      case Double real -> new Value.Real(real);
      case Float real -> new Value.Real(real);
      default -> Value.of(number.longValue());
    };
  }
}
