package io.kanana.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** How a single value of a tree becomes a single Java value, without any coercion. */
final class Scalars {
  private interface Reader {
    /** The value of {@code node}; empty if it is of another kind. */
    Optional<Object> read(JsonNode node);
  }

  private record Rule(String kind, String expected, Object placeholder, Reader reader) {}

  private static final Rule TRUTH =
      new Rule(
          "true or false", "true or false", false, of(JsonNode::isBoolean, JsonNode::booleanValue));
  private static final Rule INT =
      new Rule(
          "whole number",
          "a whole number of at most 2147483647",
          0,
          of(n -> n.isIntegralNumber() && n.canConvertToInt(), JsonNode::intValue));
  private static final Rule LONG =
      new Rule(
          "whole number",
          "a whole number of at most 64 bits",
          0L,
          of(n -> n.isIntegralNumber() && n.canConvertToLong(), JsonNode::longValue));
  private static final Rule DOUBLE =
      new Rule(
          "number",
          "a number",
          0.0,
          of(n -> n.isNumber() && Double.isFinite(n.doubleValue()), JsonNode::doubleValue));
  private static final Rule FLOAT =
      new Rule(
          "number",
          "a number",
          0.0f,
          of(n -> n.isNumber() && Float.isFinite(n.floatValue()), JsonNode::floatValue));
  private static final Rule TEXT =
      new Rule("text", "text (quote it)", "", of(JsonNode::isTextual, JsonNode::textValue));
  private static final Rule PATH = new Rule("path", "a path", Path.of(""), Scalars::path);

  private static final Rule NUMBER_OR_AUTO =
      new Rule(
          "number | auto",
          "a number, or auto",
          NumberOrAuto.of(1),
          node ->
              node.isTextual() && node.textValue().equals(NumberOrAuto.WORD)
                  ? Optional.of(NumberOrAuto.AUTO)
                  : DOUBLE.reader.read(node).map(number -> NumberOrAuto.of((double) number)));

  private static final Map<Class<?>, Rule> RULES =
      Map.ofEntries(
          Map.entry(boolean.class, TRUTH),
          Map.entry(Boolean.class, TRUTH),
          Map.entry(int.class, INT),
          Map.entry(Integer.class, INT),
          Map.entry(long.class, LONG),
          Map.entry(Long.class, LONG),
          Map.entry(double.class, DOUBLE),
          Map.entry(Double.class, DOUBLE),
          Map.entry(float.class, FLOAT),
          Map.entry(Float.class, FLOAT),
          Map.entry(String.class, TEXT),
          Map.entry(Path.class, PATH),
          Map.entry(NumberOrAuto.class, NUMBER_OR_AUTO));

  private Scalars() {}

  static boolean reads(Class<?> type) {
    return type.isEnum() || RULES.containsKey(type);
  }

  static Optional<Object> read(Class<?> type, JsonNode node) {
    return type.isEnum() ? constant(type, node) : RULES.get(type).reader.read(node);
  }

  /** What {@code type} takes, to follow "must be". */
  static String expected(Class<?> type) {
    return type.isEnum()
        ? "one of " + String.join(", ", constants(type))
        : RULES.get(type).expected;
  }

  /** What {@code type} takes, in a word or two. */
  static String describe(Class<?> type) {
    if (type.isEnum()) {
      return String.join(" | ", constants(type));
    }
    return RULES.get(type).kind;
  }

  /** A harmless value of {@code type}, to go on with where the real one could not be read. */
  static Object placeholder(Class<?> type) {
    return type.isEnum() ? type.getEnumConstants()[0] : RULES.get(type).placeholder;
  }

  static List<String> constants(Class<?> type) {
    return Arrays.stream(type.getEnumConstants()).map(c -> Names.of((Enum<?>) c)).toList();
  }

  private static Reader of(Predicate<JsonNode> kind, Function<JsonNode, Object> value) {
    return node -> kind.test(node) ? Optional.of(value.apply(node)) : Optional.empty();
  }

  private static Optional<Object> path(JsonNode node) {
    try {
      return node.isTextual() && !node.textValue().isEmpty()
          ? Optional.of(Path.of(node.textValue()))
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<Object> constant(Class<?> type, JsonNode node) {
    return Arrays.stream(type.getEnumConstants())
        .filter(c -> node.isTextual() && Names.of((Enum<?>) c).equals(node.textValue()))
        .map(Object.class::cast)
        .findFirst();
  }
}
