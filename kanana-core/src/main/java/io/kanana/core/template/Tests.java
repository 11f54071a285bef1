package io.kanana.core.template;

import io.kanana.core.template.Value.Str;
import java.math.BigInteger;
import java.util.Map;
import java.util.function.Predicate;

/** What may follow {@code is}. */
final class Tests {
  /** A question about a value. */
  interface Test {
    boolean holds(Operators operators, Value value, Arguments arguments);
  }

  private static final Map<String, Test> TESTS =
      Map.ofEntries(
          plain("defined", value -> !(value instanceof Value.Undefined)),
          plain("undefined", value -> value instanceof Value.Undefined),
          plain("none", value -> value instanceof Value.None),
          plain("boolean", value -> value instanceof Value.Bool),
          plain("true", value -> value instanceof Value.Bool flag && flag.value()),
          plain("false", value -> value instanceof Value.Bool flag && !flag.value()),
          plain("integer", value -> value instanceof Value.Int),
          plain("float", value -> value instanceof Value.Real),
          plain("number", value -> Operators.real(value) != null),
          plain("string", value -> value instanceof Str),
          plain("mapping", value -> value instanceof Value.Dict),
          plain("iterable", Sequences::iterable),
          plain("sequence", Tests::isSequence),
          plain("callable", value -> value instanceof Value.Native object && object.callable()),
          plain("escaped", _ -> false),
          Map.entry("upper", (o, value, arguments) -> cased(o, "isupper", value, arguments)),
          Map.entry("lower", (o, value, arguments) -> cased(o, "islower", value, arguments)),
          plain("odd", value -> isOdd(value)),
          plain("even", value -> !isOdd(value)),
          plain("filter", value -> value instanceof Str name && Filters.find(name.value()) != null),
          plain("test", value -> value instanceof Str name && find(name.value()) != null),
          Map.entry("divisibleby", Tests::divisible),
          Map.entry("sameas", (o, value, arguments) -> same(o, value, other("sameas", arguments))),
          comparison("in", "in"),
          comparison("eq", "=="),
          comparison("equalto", "=="),
          comparison("==", "=="),
          comparison("ne", "!="),
          comparison("!=", "!="),
          comparison("lt", "<"),
          comparison("lessthan", "<"),
          comparison("<", "<"),
          comparison("le", "<="),
          comparison("<=", "<="),
          comparison("gt", ">"),
          comparison("greaterthan", ">"),
          comparison(">", ">"),
          comparison("ge", ">="),
          comparison(">=", ">="));

  private Tests() {}

  /** The test of a name, or null. */
  static Test find(String name) {
    return TESTS.get(name);
  }

  private static Map.Entry<String, Test> plain(String name, Predicate<Value> test) {
    return Map.entry(
        name,
        (_, value, arguments) -> {
          arguments.bind(name);
          return test.test(value);
        });
  }

  private static Map.Entry<String, Test> comparison(String name, String operator) {
    return Map.entry(
        name,
        (operators, value, arguments) ->
            operators.compare(operator, value, other(name, arguments)));
  }

  private static Value other(String name, Arguments arguments) {
    return arguments.bind(name, "other").require(0);
  }

  private static boolean isSequence(Value value) {
    return switch (value) {
      case Str _, Value.Sequence _, Value.Dict _, Value.Range _, Value.Undefined _ -> true;
      default -> false;
    };
  }

  private static boolean cased(
      Operators operators, String method, Value value, Arguments arguments) {
    String text = Printer.text(operators.budget(), value);
    return Operators.truth(TextMethods.find(method).call(operators.budget(), text, arguments));
  }

  private static boolean isOdd(Value value) {
    return integer(value).testBit(0);
  }

  private static BigInteger integer(Value value) {
    BigInteger integer = Operators.integer(value);
    if (integer == null) {
      Operators.requireDefined(value);
      throw Fault.failure("a " + value.type() + " is neither odd, even nor divisible");
    }
    return integer;
  }

  private static boolean divisible(Operators operators, Value value, Arguments arguments) {
    BigInteger divisor = Operators.integer(arguments.bind("divisibleby", "num").require(0));
    if (divisor == null || divisor.signum() == 0) {
      throw Fault.failure("'divisibleby' wants an integer that is not zero");
    }
    BigInteger dividend = integer(value);
    operators.budget().product(dividend.bitLength(), divisor.bitLength());
    return PythonNumber.floorModulo(dividend, divisor).signum() == 0;
  }

  // identity is what the test asks for
  @SuppressWarnings("ReferenceEquality")
  private static boolean same(Operators operators, Value value, Value other) {
    if (isScalar(value)) {
      return value.type().equals(other.type()) && operators.equal(value, other);
    }
    return value == other;
  }

  private static boolean isScalar(Value value) {
    return value instanceof Str || value instanceof Value.None || Operators.real(value) != null;
  }
}
