package io.kanana.core.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Literal expressions as JSON. */
final class Literals {
  private Literals() {}

  /** The value of an expression, or nothing where it has to be computed. */
  static Optional<JsonNode> json(JsonNodeFactory nodes, Expr expression) {
    return switch (expression) {
      case Expr.Literal literal -> scalar(nodes, literal.value(), false);
      case Expr.Unary unary when unary.operand() instanceof Expr.Literal literal ->
          unary.operator().equals("not")
              ? Optional.empty()
              : scalar(nodes, literal.value(), unary.operator().equals("-"));
      case Expr.Items items -> list(nodes, items);
      case Expr.Dictionary dictionary -> object(nodes, dictionary);
      default -> Optional.empty();
    };
  }

  private static Optional<JsonNode> scalar(JsonNodeFactory nodes, Value value, boolean negative) {
    return switch (value) {
      case Value.Int number -> Optional.of(integer(nodes, number, negative));
      case Value.Real number ->
          Optional.of(nodes.numberNode(negative ? -number.value() : number.value()));
      case Value.Str text when !negative -> Optional.of(nodes.textNode(text.value()));
      case Value.Bool flag when !negative -> Optional.of(nodes.booleanNode(flag.value()));
      case Value.None _ when !negative -> Optional.of(nodes.nullNode());
      default -> Optional.empty();
    };
  }

  private static JsonNode integer(JsonNodeFactory nodes, Value.Int number, boolean negative) {
    var value = negative ? number.value().negate() : number.value();
    return value.bitLength() < Integer.SIZE
        ? nodes.numberNode(value.intValue())
        : nodes.numberNode(value);
  }

  private static Optional<JsonNode> list(JsonNodeFactory nodes, Expr.Items items) {
    ArrayNode list = nodes.arrayNode();
    for (Expr item : items.items()) {
      Optional<JsonNode> value = json(nodes, item);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      list.add(value.get());
    }
    return Optional.of(list);
  }

  private static Optional<JsonNode> object(JsonNodeFactory nodes, Expr.Dictionary dictionary) {
    ObjectNode object = nodes.objectNode();
    for (Expr.Pair pair : dictionary.pairs()) {
      Optional<JsonNode> key = json(nodes, pair.key());
      Optional<JsonNode> value = json(nodes, pair.value());
      if (value.isEmpty() || !key.map(JsonNode::isTextual).orElse(false)) {
        return Optional.empty();
      }
      object.set(key.get().textValue(), value.get());
    }
    return Optional.of(object);
  }
}
