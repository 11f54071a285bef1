package io.kanana.core.template;

import io.kanana.core.template.Value.Sequence;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;

/** Python's {@code text % values}. */
final class PercentFormat {
  private final Budget budget;
  private final String format;
  private final Value arguments;
  private final List<Value> positional;
  private final StringBuilder out = new StringBuilder();
  private int at;
  private int used;

  PercentFormat(Budget budget, String format, Value arguments) {
    this.budget = budget;
    this.format = format;
    this.arguments = arguments;
    this.positional =
        arguments instanceof Sequence sequence && sequence.kind() != Sequence.Kind.LIST
            ? sequence.items()
            : List.of(arguments);
  }

  String run() {
    budget.characters(format.length());
    while (at < format.length()) {
      int percent = format.indexOf('%', at);
      if (percent < 0) {
        out.append(format, at, format.length());
        break;
      }
      out.append(format, at, percent);
      at = percent + 1;
      conversion();
    }
    if (used < positional.size() && !(arguments instanceof Value.Dict)) {
      throw Fault.failure("not all arguments are used in formatting a string with '%'");
    }
    return out.toString();
  }

  private void conversion() {
    budget.step();
    Value named = key();
    String flags = flags();
    int width = number();
    boolean left = flags.contains("-") || width < 0;
    int precision = -1;
    if (peek() == '.') {
      at++;
      precision = Math.max(0, number());
    }
    while ("hlL".indexOf(peek()) >= 0) {
      at++;
    }
    char letter = peek();
    at++;
    if (letter == '%') {
      out.append('%');
      return;
    }
    char sign = flags.contains("+") ? '+' : flags.contains(" ") ? ' ' : '-';
    boolean zeros = flags.contains("0") && !left && "sracdiuxXoeEfFgG".indexOf(letter) > 3;
    char align = left ? '<' : zeros ? '=' : '>';
    boolean alternate = flags.contains("#");
    FormatSpec spec =
        new FormatSpec(
            zeros ? '0' : ' ',
            align,
            sign,
            alternate,
            Math.abs(width),
            (char) 0,
            precision,
            letter);
    String text = convert(letter, named == null ? nextArgument() : named, spec);
    budget.characters(text.length());
    out.append(text);
  }

  private char peek() {
    if (at >= format.length()) {
      throw Fault.failure("a format ends inside a conversion");
    }
    return format.charAt(at);
  }

  private Value key() {
    if (peek() != '(') {
      return null;
    }
    int end = format.indexOf(')', at);
    if (end < 0 || !(arguments instanceof Value.Dict dict)) {
      throw Fault.failure("a format with '%(name)' wants a dictionary");
    }
    String key = format.substring(at + 1, end);
    at = end + 1;
    Value value = Dicts.get(dict, key);
    if (value == null) {
      throw Fault.failure("a format names '" + key + "', which its dictionary has not");
    }
    return value;
  }

  private String flags() {
    int start = at;
    while ("-+ #0".indexOf(peek()) >= 0) {
      at++;
    }
    return format.substring(start, at);
  }

  private int number() {
    if (peek() == '*') {
      at++;
      BigInteger value = Operators.integer(nextArgument());
      if (value == null || value.bitLength() > 31) {
        throw Fault.failure("'*' in a format wants a small integer");
      }
      return value.intValue();
    }
    long number = 0;
    while (peek() >= '0' && peek() <= '9') {
      number = Math.min(number * 10 + (peek() - '0'), Integer.MAX_VALUE);
      at++;
    }
    return (int) number;
  }

  private Value nextArgument() {
    if (used >= positional.size()) {
      throw Fault.failure("there are not enough arguments for a format");
    }
    return positional.get(used++);
  }

  private String convert(char letter, Value value, FormatSpec spec) {
    return switch (letter) {
      case 's' -> spec.text(budget, Printer.text(budget, value));
      case 'r', 'a' -> spec.text(budget, Printer.repr(budget, value));
      case 'c' -> character(value, spec);
      case 'd', 'i', 'u' -> whole(spec.integer(budget, integer(value, letter, true)), spec);
      case 'x', 'X', 'o' -> spec.integer(budget, integer(value, letter, false));
      case 'e', 'E', 'f', 'F', 'g', 'G' -> spec.real(budget, real(value, letter));
      default -> throw Fault.failure("a format has the unknown conversion '%" + letter + "'");
    };
  }

  private String character(Value value, FormatSpec spec) {
    if (value instanceof Value.Str text && PythonText.length(text.value()) == 1) {
      return spec.text(budget, text.value());
    }
    return spec.integer(budget, integer(value, 'c', false));
  }

  /** A precision of an integer is its least number of digits. */
  private static String whole(String text, FormatSpec spec) {
    if (spec.precision() < 0 || text.length() >= spec.precision()) {
      return text;
    }
    return "0".repeat(spec.precision() - text.length()) + text;
  }

  private BigInteger integer(Value value, char letter, boolean cuts) {
    BigInteger integer = Operators.integer(value);
    if (integer != null) {
      return integer;
    }
    if (cuts && value instanceof Value.Real real && Double.isFinite(real.value())) {
      return new BigDecimal(real.value()).toBigInteger();
    }
    throw Fault.failure(
        String.format(Locale.ROOT, "'%%%c' wants a number, not a %s", letter, value.type()));
  }

  private static double real(Value value, char letter) {
    Double real = Operators.real(value);
    if (real == null) {
      throw Fault.failure(
          String.format(Locale.ROOT, "'%%%c' wants a number, not a %s", letter, value.type()));
    }
    return real;
  }
}
