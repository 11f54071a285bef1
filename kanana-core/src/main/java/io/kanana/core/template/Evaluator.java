package io.kanana.core.template;

import io.kanana.core.template.Expr.Argument;
import io.kanana.core.template.Value.Sequence;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Computes expressions over a scope. */
final class Evaluator {
  private final Budget budget;
  private final boolean strict;
  private final Operators operators;
  private final Attributes attributes;

  /**
   * @param strict whether a name without a value is a failure as soon as it is used
   */
  Evaluator(Budget budget, boolean strict) {
    this.budget = budget;
    this.strict = strict;
    this.operators = new Operators(budget);
    this.attributes = new Attributes(budget, operators);
  }

  Budget budget() {
    return budget;
  }

  Operators operators() {
    return operators;
  }

  Attributes attributes() {
    return attributes;
  }

  Value evaluate(Expr expression, Scope scope) {
    budget.enter();
    Value value =
        switch (expression) {
          case Expr.Literal literal -> literal.value();
          case Expr.Name name -> name(name.name(), scope);
          case Expr.Items items ->
              Sequences.of(budget, items.kind(), evaluateAll(items.items(), scope));
          case Expr.Dictionary dictionary -> dictionary(dictionary, scope);
          case Expr.Unary unary -> unary(unary, scope);
          case Expr.Binary binary -> binary(binary, scope);
          case Expr.Compare compare -> compare(compare, scope);
          case Expr.Logic logic -> logic(logic, scope);
          case Expr.Conditional conditional -> conditional(conditional, scope);
          case Expr.Attribute member ->
              attributes.attribute(evaluate(member.target(), scope), member.name());
          case Expr.Subscript subscript -> subscript(subscript, scope);
          case Expr.Slice _ -> throw Fault.failure("a slice stands among several indexes");
          case Expr.Call call -> call(call, scope);
          case Expr.Filter filter -> filter(filter, scope);
          case Expr.Test test -> test(test, scope);
        };
    budget.leave();
    return strict && value instanceof Value.Undefined undefined
        ? new Value.Undefined(undefined.problem(), true)
        : value;
  }

  private static Value name(String name, Scope scope) {
    Value value = scope.find(name);
    return value == null ? new Value.Undefined("'" + name + "' is undefined") : value;
  }

  private List<Value> evaluateAll(List<Expr> expressions, Scope scope) {
    List<Value> values = new ArrayList<>(expressions.size());
    expressions.forEach(expression -> values.add(evaluate(expression, scope)));
    return values;
  }

  private Value dictionary(Expr.Dictionary dictionary, Scope scope) {
    Dicts.Builder builder = new Dicts.Builder(budget);
    for (Expr.Pair pair : dictionary.pairs()) {
      Value key = evaluate(pair.key(), scope);
      builder.put(key, evaluate(pair.value(), scope));
    }
    return builder.build();
  }

  private Value unary(Expr.Unary unary, Scope scope) {
    Value operand = evaluate(unary.operand(), scope);
    return switch (unary.operator()) {
      case "not" -> Value.of(!Operators.truth(operand));
      case "-" -> operators.negative(operand);
      default -> operators.positive(operand);
    };
  }

  private Value binary(Expr.Binary binary, Scope scope) {
    Value left = evaluate(binary.left(), scope);
    Value right = evaluate(binary.right(), scope);
    if (!binary.operator().equals("~")) {
      return operators.binary(binary.operator(), left, right);
    }
    String a = Printer.text(budget, left);
    String b = Printer.text(budget, right);
    budget.characters((long) a.length() + b.length());
    return new Value.Str(a + b);
  }

  private Value compare(Expr.Compare compare, Scope scope) {
    Value left = evaluate(compare.first(), scope);
    for (Expr.Link link : compare.links()) {
      Value right = evaluate(link.operand(), scope);
      if (!operators.compare(link.operator(), left, right)) {
        return Value.Bool.FALSE;
      }
      left = right;
    }
    return Value.Bool.TRUE;
  }

  private Value logic(Expr.Logic logic, Scope scope) {
    Value left = evaluate(logic.left(), scope);
    return Operators.truth(left) == logic.and() ? evaluate(logic.right(), scope) : left;
  }

  private Value conditional(Expr.Conditional conditional, Scope scope) {
    if (Operators.truth(evaluate(conditional.test(), scope))) {
      return evaluate(conditional.then(), scope);
    }
    return conditional.otherwise() == null
        ? new Value.Undefined("an 'if' without 'else' was false here")
        : evaluate(conditional.otherwise(), scope);
  }

  private Value subscript(Expr.Subscript subscript, Scope scope) {
    Value target = evaluate(subscript.target(), scope);
    if (!(subscript.index() instanceof Expr.Slice slice)) {
      return attributes.item(target, evaluate(subscript.index(), scope));
    }
    Operators.requireDefined(target);
    BigInteger start = bound(slice.start(), scope);
    BigInteger stop = bound(slice.stop(), scope);
    return operators.slice(target, start, stop, bound(slice.step(), scope));
  }

  private BigInteger bound(Expr expression, Scope scope) {
    Value value = expression == null ? Value.None.NONE : evaluate(expression, scope);
    BigInteger bound = Operators.integer(value);
    if (bound == null && !(value instanceof Value.None)) {
      Operators.requireDefined(value);
      throw Fault.failure("the bound of a slice is a " + value.type() + ", not an integer");
    }
    return bound;
  }

  Value call(Expr.Call call, Scope scope) {
    return call(evaluate(call.target(), scope), arguments(call.arguments(), scope));
  }

  Value call(Value target, Arguments arguments) {
    Operators.requireDefined(target);
    if (target instanceof Value.Native function && function.callable()) {
      return function.call(arguments);
    }
    throw Fault.failure("a " + target.type() + " cannot be called");
  }

  Arguments arguments(List<Argument> arguments, Scope scope) {
    if (arguments.isEmpty()) {
      return Arguments.NONE;
    }
    List<Value> positional = new ArrayList<>();
    Map<String, Value> named = new LinkedHashMap<>();
    for (Argument argument : arguments) {
      Value value = evaluate(argument.value(), scope);
      switch (argument.passing()) {
        case POSITIONAL -> positional.add(value);
        case NAMED -> name(named, argument.name(), value);
        case SPREAD -> positional.addAll(Sequences.items(budget, value));
        case SPREAD_NAMED -> spread(named, value);
      }
    }
    return new Arguments(positional, named);
  }

  private static void name(Map<String, Value> named, String name, Value value) {
    if (named.put(name, value) != null) {
      throw Fault.failure("the argument '" + name + "' is given twice");
    }
  }

  private static void spread(Map<String, Value> named, Value value) {
    if (!(value instanceof Value.Dict dict)) {
      throw Fault.failure("'**' wants a dictionary, not a " + value.type());
    }
    for (Value.Dict.Entry entry : dict.all()) {
      if (!(entry.key() instanceof Value.Str name)) {
        throw Fault.failure("'**' wants names as keys, not a " + entry.key().type());
      }
      name(named, name.value(), entry.value());
    }
  }

  private Value filter(Expr.Filter filter, Scope scope) {
    Value target = evaluate(filter.target(), scope);
    return filter(filter.name(), target, arguments(filter.arguments(), scope));
  }

  Value filter(String name, Value target, Arguments arguments) {
    Filters.Filter filter = Filters.find(name);
    if (filter == null) {
      throw Fault.failure("there is no filter named '" + name + "'");
    }
    return filter.apply(this, target, arguments);
  }

  private Value test(Expr.Test test, Scope scope) {
    Value target = evaluate(test.target(), scope);
    return Value.of(test(test.name(), target, arguments(test.arguments(), scope)));
  }

  boolean test(String name, Value target, Arguments arguments) {
    Tests.Test test = Tests.find(name);
    if (test == null) {
      throw Fault.failure("there is no test named '" + name + "'");
    }
    return test.holds(operators, target, arguments);
  }

  /** All items of a value, as a filter goes through them. */
  List<Value> items(Value value) {
    return Sequences.items(budget, value);
  }

  /** A list of the template's own. */
  Sequence list(List<Value> items) {
    return Sequences.list(budget, items);
  }
}
