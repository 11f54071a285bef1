package io.kanana.core.template;

import java.util.List;

/** An expression of a template, as parsed. */
sealed interface Expr {
  record Literal(Value value) implements Expr {}

  record Name(String name) implements Expr {}

  record Items(Value.Sequence.Kind kind, List<Expr> items) implements Expr {}

  record Dictionary(List<Pair> pairs) implements Expr {}

  record Pair(Expr key, Expr value) {}

  /** Minus, plus, or {@code not}. */
  record Unary(String operator, Expr operand) implements Expr {}

  record Binary(String operator, Expr left, Expr right) implements Expr {}

  /** {@code a < b <= c}: each link compares what stands before it with its own operand. */
  record Compare(Expr first, List<Link> links) implements Expr {}

  record Link(String operator, Expr operand) {}

  /** {@code and} or {@code or}. */
  record Logic(boolean and, Expr left, Expr right) implements Expr {}

  /** {@code otherwise} is null where there is no {@code else}. */
  record Conditional(Expr test, Expr then, Expr otherwise) implements Expr {}

  record Attribute(Expr target, String name) implements Expr {}

  record Subscript(Expr target, Expr index) implements Expr {}

  /** {@code start:stop:step}, only as the index of a {@link Subscript}; each part may be null. */
  record Slice(Expr start, Expr stop, Expr step) implements Expr {}

  record Call(Expr target, List<Argument> arguments) implements Expr {}

  record Filter(Expr target, String name, List<Argument> arguments) implements Expr {}

  record Test(Expr target, String name, List<Argument> arguments) implements Expr {}

  /** One argument of a call; {@code name} is null but for {@code NAMED}. */
  record Argument(Passing passing, String name, Expr value) {
    enum Passing {
      POSITIONAL,
      NAMED,
      /** {@code *value} */
      SPREAD,
      /** {@code **value} */
      SPREAD_NAMED
    }
  }
}
