package io.kanana.core.template;

import java.math.BigInteger;
import java.util.Locale;

/** Python's {@code text.format(...)}; a field's attributes are those that a template may read. */
final class BraceFormat {
  private static final int NOT_YET = -1;
  private static final int BY_HAND = -2;

  private final Budget budget;
  private final Attributes attributes;
  private final Arguments arguments;
  private int automatic = NOT_YET;

  BraceFormat(Budget budget, Attributes attributes, Arguments arguments) {
    this.budget = budget;
    this.attributes = attributes;
    this.arguments = arguments;
  }

  String run(String format) {
    return run(format, 0);
  }

  private String run(String format, int depth) {
    budget.scan(format.length());
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < format.length()) {
      char c = format.charAt(at);
      boolean doubled = (c == '{' || c == '}') && format.startsWith(String.valueOf(c), at + 1);
      if (c == '{' && !doubled) {
        int end = closing(format, at);
        String text = field(format.substring(at + 1, end), depth);
        budget.characters(text.length());
        out.append(text);
        at = end + 1;
      } else if (c == '}' && !doubled) {
        throw Fault.failure("a format has a single '}'");
      } else {
        out.append(c);
        at += doubled ? 2 : 1;
      }
    }
    budget.characters(out.length());
    return out.toString();
  }

  private static int closing(String format, int open) {
    int depth = 0;
    for (int i = open; i < format.length(); i++) {
      depth += format.charAt(i) == '{' ? 1 : format.charAt(i) == '}' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    throw Fault.failure("a format has a '{' that is not closed");
  }

  private String field(String field, int depth) {
    budget.step();
    if (depth > 1) {
      throw Fault.failure("a format nests its fields too deep");
    }
    int end = nameEnd(field);
    Value value = lookUp(field.substring(0, end));
    int at = end;
    if (field.startsWith("!", at)) {
      value = convert(field, at + 1, value);
      at += 2;
    }
    if (at < field.length() && field.charAt(at) != ':') {
      throw Fault.failure("a format has a malformed field '{" + field + "}'");
    }
    String spec = at < field.length() ? run(field.substring(at + 1), depth + 1) : "";
    return layOut(value, spec);
  }

  /** The end of the name: a colon or an exclamation mark outside brackets. */
  private static int nameEnd(String field) {
    boolean inBrackets = false;
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      inBrackets = c == '[' || (inBrackets && c != ']');
      if (!inBrackets && (c == ':' || c == '!')) {
        return i;
      }
    }
    return field.length();
  }

  private Value convert(String field, int at, Value value) {
    return switch (at < field.length() ? field.charAt(at) : ' ') {
      case 's' -> budget.text(Printer.text(budget, value));
      case 'r', 'a' -> budget.text(Printer.repr(budget, value));
      default -> throw Fault.failure("a format has an unknown conversion in '{" + field + "}'");
    };
  }

  private Value lookUp(String name) {
    int at = 0;
    while (at < name.length() && name.charAt(at) != '.' && name.charAt(at) != '[') {
      at++;
    }
    Value value = argument(name.substring(0, at));
    while (at < name.length()) {
      boolean bracket = name.charAt(at) == '[';
      int end = at + 1;
      while (end < name.length() && (bracket ? name.charAt(end) != ']' : stays(name, end))) {
        end++;
      }
      String part = name.substring(at + 1, end);
      value = bracket ? attributes.item(value, key(part)) : attributes.attribute(value, part);
      at = bracket ? end + 1 : end;
    }
    return value;
  }

  private static boolean stays(String name, int at) {
    return name.charAt(at) != '.' && name.charAt(at) != '[';
  }

  private static Value key(String part) {
    boolean number = !part.isEmpty() && part.length() < 10 && digits(part);
    return number ? Value.of(Long.parseLong(part)) : new Value.Str(part);
  }

  private static boolean digits(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private Value argument(String name) {
    if (!name.isEmpty() && !digits(name)) {
      Value value = arguments.named().get(name);
      if (value == null) {
        throw Fault.failure("a format names '" + name + "', which it was not given");
      }
      return value;
    }
    int index = name.isEmpty() ? nextAutomatic() : byHand(name);
    if (index >= arguments.positional().size()) {
      throw Fault.failure("there are not enough arguments for a format");
    }
    return arguments.positional().get(index);
  }

  private int nextAutomatic() {
    if (automatic == BY_HAND) {
      throw Fault.failure("a format cannot go from numbered fields to '{}'");
    }
    return ++automatic;
  }

  private int byHand(String name) {
    if (automatic > NOT_YET) {
      throw Fault.failure("a format cannot go from '{}' to numbered fields");
    }
    automatic = BY_HAND;
    return name.length() < 10 ? Integer.parseInt(name) : Integer.MAX_VALUE;
  }

  private String layOut(Value value, String text) {
    if (text.isEmpty()) {
      return Printer.text(budget, value);
    }
    FormatSpec spec = new SpecReader(text).read();
    BigInteger integer = Operators.integer(value);
    boolean textual = spec.type() == 0 || spec.type() == 's';
    if (value instanceof Value.Str string && textual) {
      return spec.text(budget, string.value());
    }
    if (integer != null && "bcdnoxX\0".indexOf(spec.type()) >= 0) {
      return spec.integer(budget, integer);
    }
    Double real = Operators.real(value);
    if (real == null || "eEfFgGn%\0".indexOf(spec.type()) < 0) {
      throw Fault.failure(
          String.format(Locale.ROOT, "a %s cannot be formatted with '%s'", value.type(), text));
    }
    return spec.real(budget, real);
  }

  /** Reads {@code [[fill]align][sign][#][0][width][grouping][.precision][type]}. */
  private static final class SpecReader {
    private final String text;
    private int at;

    SpecReader(String text) {
      this.text = text;
    }

    FormatSpec read() {
      int first = text.codePointAt(0);
      int size = Character.charCount(first);
      boolean filled = size < text.length() && "<>=^".indexOf(text.charAt(size)) >= 0;
      at = filled ? size : 0;
      char align = take("<>=^", (char) 0);
      char sign = take("+- ", '-');
      boolean alternate = take("#", (char) 0) != 0;
      boolean zeros = take("0", (char) 0) != 0;
      int width = number(0);
      char grouping = take(",_", (char) 0);
      int precision = take(".", (char) 0) == 0 ? -1 : number(-1);
      char type = take("bcdeEfFgGnosxX%", (char) 0);
      if (at < text.length()) {
        throw Fault.failure("the format '" + text + "' is malformed");
      }
      int fill = filled ? first : zeros ? '0' : ' ';
      char side = align == 0 && zeros ? '=' : align;
      return new FormatSpec(fill, side, sign, alternate, width, grouping, precision, type);
    }

    private char take(String choices, char fallback) {
      boolean found = at < text.length() && choices.indexOf(text.charAt(at)) >= 0;
      return found ? text.charAt(at++) : fallback;
    }

    private int number(int fallback) {
      int start = at;
      long number = 0;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        number = Math.min(number * 10 + (text.charAt(at++) - '0'), Integer.MAX_VALUE);
      }
      return at == start ? fallback : (int) number;
    }
  }
}
