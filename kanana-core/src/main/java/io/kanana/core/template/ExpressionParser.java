package io.kanana.core.template;

import io.kanana.core.template.Expr.Argument;
import io.kanana.core.template.Expr.Argument.Passing;
import io.kanana.core.template.Value.Sequence.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads expressions. Binary operators are read by binding power (Pratt, "Top down operator
 * precedence", 1973); as in Jinja, and unlike in Python, {@code **} binds to the left and {@code ~}
 * stands between addition and multiplication.
 */
final class ExpressionParser {
  private static final Map<String, Integer> BINDING =
      Map.of("+", 1, "-", 1, "~", 2, "*", 3, "/", 3, "//", 3, "%", 3, "**", 4);
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Set<String> ENDS_TEST = Set.of("else", "or", "and");
  private static final Map<String, Value> CONSTANTS =
      Map.of(
          "true", Value.Bool.TRUE,
          "True", Value.Bool.TRUE,
          "false", Value.Bool.FALSE,
          "False", Value.Bool.FALSE,
          "none", Value.None.NONE,
          "None", Value.None.NONE);

  private final Tokens tokens;
  private final Budget budget;
  private final Set<String> mentioned = new HashSet<>();
  private final List<Fault> unknown = new ArrayList<>();

  ExpressionParser(Tokens tokens, Budget budget) {
    this.tokens = tokens;
    this.budget = budget;
  }

  /** Every name read since the last call. */
  Set<String> takeMentioned() {
    Set<String> names = Set.copyOf(mentioned);
    mentioned.clear();
    return names;
  }

  void mention(Set<String> names) {
    mentioned.addAll(names);
  }

  /** How many unknown filters and tests were met so far. */
  int unknown() {
    return unknown.size();
  }

  /**
   * Forgets the unknown filters and tests met since a condition began: those fail when they are
   * reached and not before, so that a template may ask {@code {% if 'x' is filter %}} first.
   */
  void forgiveUnknown(int before) {
    unknown.subList(before, unknown.size()).clear();
  }

  /** Refuses the first unknown filter or test outside all conditions. */
  void refuseUnknown() {
    if (!unknown.isEmpty()) {
      throw unknown.getFirst();
    }
  }

  Expr expression() {
    return nested(this::conditional);
  }

  private interface Rule {
    Expr parse();
  }

  private Expr nested(Rule rule) {
    tokens.enter();
    Expr expression = rule.parse();
    tokens.leave();
    return expression;
  }

  private Expr conditional() {
    int before = unknown.size();
    Expr value = or();
    while (tokens.skipName("if")) {
      Expr test = or();
      Expr otherwise = tokens.skipName("else") ? nested(this::conditional) : null;
      value = new Expr.Conditional(test, value, otherwise);
      forgiveUnknown(before);
    }
    return value;
  }

  /** An expression that does not take a following {@code if}. */
  Expr or() {
    Expr left = and();
    while (tokens.skipName("or")) {
      left = new Expr.Logic(false, left, and());
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    while (tokens.skipName("and")) {
      left = new Expr.Logic(true, left, not());
    }
    return left;
  }

  private Expr not() {
    return tokens.skipName("not") ? new Expr.Unary("not", nested(this::not)) : comparison();
  }

  private Expr comparison() {
    Expr first = binary(1);
    List<Expr.Link> links = new ArrayList<>();
    for (String operator = comparator(); operator != null; operator = comparator()) {
      links.add(new Expr.Link(operator, binary(1)));
    }
    return links.isEmpty() ? first : new Expr.Compare(first, links);
  }

  private String comparator() {
    Token token = tokens.current();
    if (token.is(Token.Type.OPERATOR) && COMPARISONS.contains(token.text())) {
      return tokens.next().text();
    }
    if (tokens.skipName("in")) {
      return "in";
    }
    if (token.name("not") && tokens.after().name("in")) {
      tokens.next();
      tokens.next();
      return "not in";
    }
    return null;
  }

  private Expr binary(int weakest) {
    Expr left = unary(true);
    while (tokens.current().is(Token.Type.OPERATOR)) {
      String operator = tokens.current().text();
      Integer power = BINDING.get(operator);
      if (power == null || power < weakest) {
        return left;
      }
      tokens.next();
      left = new Expr.Binary(operator, left, binary(power + 1));
    }
    return left;
  }

  private Expr unary(boolean filters) {
    Expr operand;
    if (tokens.current().operator("-") || tokens.current().operator("+")) {
      String operator = tokens.next().text();
      operand = new Expr.Unary(operator, nested(() -> unary(false)));
    } else {
      operand = primary();
    }
    operand = postfix(operand);
    return filters ? filtersAndTests(operand) : operand;
  }

  Expr primary() {
    Token token = tokens.current();
    return switch (token.type()) {
      case NAME -> name();
      case STRING -> strings();
      case INTEGER -> new Expr.Literal(integer(tokens.next()));
      case FLOAT -> new Expr.Literal(real(tokens.next()));
      case OPERATOR -> bracket(token.text());
      default -> throw tokens.unexpected("an expression");
    };
  }

  private Expr bracket(String open) {
    return switch (open) {
      case "(" -> nested(this::parenthesis);
      case "[" -> nested(this::list);
      case "{" -> nested(this::dictionary);
      default -> throw tokens.unexpected("an expression");
    };
  }

  private Expr name() {
    String name = tokens.next().text();
    Value constant = CONSTANTS.get(name);
    if (constant != null) {
      return new Expr.Literal(constant);
    }
    mentioned.add(name);
    return new Expr.Name(name);
  }

  private Expr strings() {
    StringBuilder text = new StringBuilder(tokens.next().text());
    while (tokens.current().is(Token.Type.STRING)) {
      text.append(tokens.next().text());
    }
    return new Expr.Literal(new Value.Str(text.toString()));
  }

  private Value integer(Token token) {
    String digits = token.text().replace("_", "");
    int radix = digits.length() > 2 ? PythonText.radix(digits.charAt(1)) : 0;
    if (radix == 0 && digits.length() > 1 && digits.startsWith("0") && !digits.matches("0*+")) {
      throw Fault.syntax(token.line(), "'" + token.text() + "': an integer starts with no zero");
    }
    String body = radix > 0 ? digits.substring(2) : digits;
    budget.integerBits(3L * body.length());
    return budget.integer(new BigInteger(body, radix > 0 ? radix : 10));
  }

  private static Value real(Token token) {
    return new Value.Real(Double.parseDouble(token.text().replace("_", "")));
  }

  private Expr parenthesis() {
    tokens.expectOperator("(");
    Expr inside = tuple(true, true, "");
    tokens.expectOperator(")");
    return inside;
  }

  /**
   * One expression, or several with commas between them, which are a tuple.
   *
   * @param conditional whether {@code a if b else c} may stand in it
   * @param maybeEmpty whether nothing at all is the empty tuple
   * @param endingName a name that ends the tuple after a comma
   */
  Expr tuple(boolean conditional, boolean maybeEmpty, String endingName) {
    List<Expr> items = new ArrayList<>();
    boolean comma = false;
    while (!endsTuple(endingName)) {
      items.add(conditional ? expression() : nested(this::or));
      if (!tokens.skipOperator(",")) {
        break;
      }
      comma = true;
    }
    if (!comma && items.size() == 1) {
      return items.getFirst();
    }
    if (items.isEmpty() && !maybeEmpty) {
      throw tokens.unexpected("an expression");
    }
    return new Expr.Items(Kind.TUPLE, items);
  }

  private boolean endsTuple(String endingName) {
    Token token = tokens.current();
    return token.is(Token.Type.PRINT_END)
        || token.is(Token.Type.BLOCK_END)
        || token.operator(")")
        || token.name(endingName);
  }

  private Expr list() {
    tokens.expectOperator("[");
    List<Expr> items = new ArrayList<>();
    while (!tokens.current().operator("]")) {
      if (!items.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.current().operator("]")) {
          break;
        }
      }
      items.add(expression());
    }
    tokens.expectOperator("]");
    return new Expr.Items(Kind.LIST, items);
  }

  private Expr dictionary() {
    tokens.expectOperator("{");
    List<Expr.Pair> pairs = new ArrayList<>();
    while (!tokens.current().operator("}")) {
      if (!pairs.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.current().operator("}")) {
          break;
        }
      }
      Expr key = expression();
      tokens.expectOperator(":");
      pairs.add(new Expr.Pair(key, expression()));
    }
    tokens.expectOperator("}");
    return new Expr.Dictionary(pairs);
  }

  private Expr postfix(Expr start) {
    Expr target = start;
    while (true) {
      if (tokens.skipOperator(".")) {
        target = member(target);
      } else if (tokens.current().operator("[")) {
        target = subscript(target);
      } else if (tokens.current().operator("(")) {
        target = new Expr.Call(target, arguments());
      } else {
        return target;
      }
    }
  }

  private Expr member(Expr target) {
    if (tokens.current().is(Token.Type.INTEGER)) {
      return new Expr.Subscript(target, new Expr.Literal(integer(tokens.next())));
    }
    return new Expr.Attribute(target, tokens.expect(Token.Type.NAME, "a name after '.'").text());
  }

  private Expr subscript(Expr target) {
    tokens.expectOperator("[");
    List<Expr> indexes = new ArrayList<>();
    do {
      indexes.add(index());
    } while (tokens.skipOperator(","));
    tokens.expectOperator("]");
    Expr index = indexes.size() == 1 ? indexes.getFirst() : new Expr.Items(Kind.TUPLE, indexes);
    return new Expr.Subscript(target, index);
  }

  private Expr index() {
    Expr start = atSliceEnd() ? null : expression();
    if (!tokens.skipOperator(":")) {
      if (start == null) {
        throw tokens.unexpected("an index");
      }
      return start;
    }
    Expr stop = atSliceEnd() ? null : expression();
    Expr step = tokens.skipOperator(":") && !atSliceEnd() ? expression() : null;
    return new Expr.Slice(start, stop, step);
  }

  private boolean atSliceEnd() {
    Token token = tokens.current();
    return token.operator(":") || token.operator("]") || token.operator(",");
  }

  List<Argument> arguments() {
    tokens.enter();
    tokens.expectOperator("(");
    List<Argument> arguments = new ArrayList<>();
    while (!tokens.current().operator(")")) {
      if (!arguments.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.current().operator(")")) {
          break;
        }
      }
      arguments.add(argument(arguments));
    }
    tokens.expectOperator(")");
    tokens.leave();
    return arguments;
  }

  private Argument argument(List<Argument> before) {
    if (tokens.skipOperator("*")) {
      return new Argument(Passing.SPREAD, null, expression());
    }
    if (tokens.skipOperator("**")) {
      return new Argument(Passing.SPREAD_NAMED, null, expression());
    }
    if (tokens.current().is(Token.Type.NAME) && tokens.after().operator("=")) {
      String name = tokens.next().text();
      tokens.next();
      return new Argument(Passing.NAMED, name, expression());
    }
    if (before.stream().anyMatch(argument -> argument.passing() == Passing.NAMED)) {
      throw Fault.syntax(tokens.line(), "a positional argument follows a named one");
    }
    return new Argument(Passing.POSITIONAL, null, expression());
  }

  private Expr filtersAndTests(Expr start) {
    Expr target = start;
    while (true) {
      if (tokens.skipOperator("|")) {
        target = filter(target);
      } else if (tokens.skipName("is")) {
        target = test(target);
      } else if (tokens.current().operator("(")) {
        target = new Expr.Call(target, arguments());
      } else {
        return target;
      }
    }
  }

  /** A filter and those after it, from the first one's name on. */
  Expr filters(Expr start) {
    Expr target = filter(start);
    while (tokens.skipOperator("|")) {
      target = filter(target);
    }
    return target;
  }

  private Expr filter(Expr target) {
    int line = tokens.line();
    String name = dottedName("the name of a filter");
    if (Filters.find(name) == null) {
      unknown.add(Fault.syntax(line, "there is no filter named '" + name + "'"));
    }
    List<Argument> arguments = tokens.current().operator("(") ? arguments() : List.of();
    return new Expr.Filter(target, name, arguments);
  }

  private Expr test(Expr target) {
    int line = tokens.line();
    boolean negated = tokens.skipName("not");
    String name = dottedName("the name of a test");
    if (Tests.find(name) == null) {
      unknown.add(Fault.syntax(line, "there is no test named '" + name + "'"));
    }
    Expr test = new Expr.Test(target, name, testArguments());
    return negated ? new Expr.Unary("not", test) : test;
  }

  private List<Argument> testArguments() {
    Token token = tokens.current();
    if (token.operator("(")) {
      return arguments();
    }
    if (token.name("is")) {
      throw Fault.syntax(token.line(), "one 'is' follows another");
    }
    if (!startsTestArgument(token)) {
      return List.of();
    }
    return List.of(new Argument(Passing.POSITIONAL, null, postfix(primary())));
  }

  private static boolean startsTestArgument(Token token) {
    return switch (token.type()) {
      case STRING, INTEGER, FLOAT -> true;
      case NAME -> !ENDS_TEST.contains(token.text());
      case OPERATOR -> token.text().equals("[") || token.text().equals("{");
      default -> false;
    };
  }

  private String dottedName(String what) {
    StringBuilder name = new StringBuilder(tokens.expect(Token.Type.NAME, what).text());
    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expect(Token.Type.NAME, what).text());
    }
    return name.toString();
  }
}
