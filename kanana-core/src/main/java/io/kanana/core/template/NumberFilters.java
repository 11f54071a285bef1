package io.kanana.core.template;

import io.kanana.core.template.Arguments.Bound;
import io.kanana.core.template.Filters.Filter;
import io.kanana.core.template.Value.Int;
import io.kanana.core.template.Value.Real;
import io.kanana.core.template.Value.Str;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;

/** Filters that make numbers. */
final class NumberFilters {
  static final Map<String, Filter> ALL =
      Map.ofEntries(
          Map.entry("int", NumberFilters::integer),
          Map.entry("float", NumberFilters::real),
          Map.entry("abs", NumberFilters::absolute),
          Map.entry("round", NumberFilters::round));

  private NumberFilters() {}

  private static Value integer(Evaluator evaluator, Value input, Arguments arguments) {
    Bound bound = arguments.bind("int", "default", "base");
    Operators.requireDefined(input);
    Value fallback = bound.get(0, Value.of(0L));
    if (!(input instanceof Str text)) {
      BigInteger integer = Operators.integer(input);
      Double real = integer == null ? Operators.real(input) : null;
      return integer != null
          ? new Int(integer)
          : real == null ? fallback : cut(evaluator, real, fallback);
    }
    int base = bound.integer(1, 10);
    // the digits of Python's own limit, beyond which its int() refuses too
    boolean fits = text.value().length() <= evaluator.budget().limits().integerBits() / 3;
    boolean known = base == 0 || (base >= 2 && base <= 36);
    BigInteger parsed = fits && known ? PythonNumber.integer(text.value(), base) : null;
    if (parsed != null) {
      return evaluator.budget().integer(parsed);
    }
    Double real = PythonNumber.real(text.value());
    return real == null ? fallback : cut(evaluator, real, fallback);
  }

  private static Value cut(Evaluator evaluator, double value, Value fallback) {
    return Double.isFinite(value)
        ? evaluator.budget().integer(new BigDecimal(value).toBigInteger())
        : fallback;
  }

  private static Value real(Evaluator evaluator, Value input, Arguments arguments) {
    Bound bound = arguments.bind("float", "default");
    Operators.requireDefined(input);
    Double value =
        input instanceof Str text ? PythonNumber.real(text.value()) : Operators.real(input);
    evaluator.budget().step();
    return value == null ? bound.get(0, new Real(0)) : new Real(value);
  }

  private static Value absolute(Evaluator evaluator, Value input, Arguments arguments) {
    arguments.bind("abs");
    Value value = evaluator.operators().positive(input);
    return value instanceof Int number
        ? new Int(number.value().abs())
        : new Real(Math.abs(Operators.real(value)));
  }

  private static Value round(Evaluator evaluator, Value input, Arguments arguments) {
    Bound bound = arguments.bind("round", "precision", "method");
    int precision = bound.integer(0, 0);
    String method = bound.text(1, "common");
    Value value = evaluator.operators().positive(input);
    double number = Operators.real(value);
    return switch (method) {
      case "common" ->
          value instanceof Int integer && precision >= 0
              ? integer
              : rounded(value, PythonNumber.round(number, precision));
      case "ceil" -> new Real(scaled(Math.ceil(number * Math.pow(10, precision)), precision));
      case "floor" -> new Real(scaled(Math.floor(number * Math.pow(10, precision)), precision));
      default -> throw Fault.failure("round() knows common, ceil and floor, not '" + method + "'");
    };
  }

  private static Value rounded(Value value, double number) {
    return value instanceof Int && Double.isFinite(number)
        ? new Int(new BigDecimal(number).toBigInteger())
        : new Real(number);
  }

  private static double scaled(double number, int precision) {
    return number / Math.pow(10, precision);
  }
}
