package io.kanana.core.math;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The value of a formula in normal form, where letters stand for numbers: sums, products (also
 * without a sign), quotients, powers, roots, logarithms and trigonometric functions. For one
 * formula.
 */
final class TexValue {
  private static final int DEEPEST = 64;
  private static final Map<String, Double> CONSTANTS = Map.of("\\pi", Math.PI);

  private final String text;
  private final Map<Character, Double> letters;
  private int at;
  private int depth;

  private TexValue(String text, Map<Character, Double> letters) {
    this.text = text;
    this.letters = letters;
  }

  /** What is no formula, or has no value. */
  private static final class NoValue extends RuntimeException {
    NoValue() {
      super("no value", null, false, false);
    }
  }

  /** The value; nothing where it is no formula, has an unknown letter, or is not finite. */
  static OptionalDouble of(String text, Map<Character, Double> letters) {
    try {
      TexValue parser = new TexValue(text, letters);
      double value = parser.sum();
      return parser.at == text.length() && Double.isFinite(value)
          ? OptionalDouble.of(value)
          : OptionalDouble.empty();
    } catch (NoValue _) {
      return OptionalDouble.empty();
    }
  }

  private boolean accept(String token) {
    if (text.startsWith(token, at)) {
      at += token.length();
      return true;
    }
    return false;
  }

  private void expect(String token) {
    if (!accept(token)) {
      throw new NoValue();
    }
  }

  private double sum() {
    if (++depth > DEEPEST) {
      throw new NoValue();
    }
    double value = accept("-") ? -product() : signed();
    while (at < text.length()) {
      if (accept("+")) {
        value += product();
      } else if (accept("-")) {
        value -= product();
      } else {
        break;
      }
    }
    depth--;
    return value;
  }

  private double signed() {
    accept("+");
    return product();
  }

  private double product() {
    double value = mixedOrPower();
    while (at < text.length()) {
      if (accept("*")) {
        value *= power();
      } else if (accept("/") || accept("\\div")) {
        value /= power();
      } else if (startsFactor()) {
        value *= power();
      } else {
        break;
      }
    }
    return value;
  }

  private boolean startsFactor() {
    char c = text.charAt(at);
    return Character.isLetterOrDigit(c) || c == '(' || c == '{' || (c == '\\' && !startsRelation());
  }

  private boolean startsRelation() {
    return text.startsWith("\\leq", at)
        || text.startsWith("\\geq", at)
        || text.startsWith("\\}", at);
  }

  /** A whole number right before a fraction of numbers is added to it: a mixed number. */
  private double mixedOrPower() {
    int start = at;
    double value = power();
    boolean whole = text.substring(start, at).matches("\\d+");
    if (whole && text.startsWith("\\frac", at)) {
      int fraction = at;
      double part = power();
      if (text.substring(fraction, at).matches("\\\\frac\\{\\d+\\}\\{\\d+\\}")) {
        return value + part;
      }
      return value * part;
    }
    return value;
  }

  private double power() {
    double base = atom();
    if (accept("!")) {
      base = factorial(base);
    }
    if (accept("^")) {
      double exponent = text.startsWith("{", at) ? group() : accept("-") ? -atom() : digitOrAtom();
      return Math.pow(base, exponent);
    }
    return base;
  }

  private static double factorial(double value) {
    if (value < 0 || value > 170 || value != Math.rint(value)) {
      throw new NoValue();
    }
    double product = 1;
    for (int i = 2; i <= value; i++) {
      product *= i;
    }
    return product;
  }

  /** Without braces an exponent is one character. */
  private double digitOrAtom() {
    if (at < text.length() && Character.isDigit(text.charAt(at))) {
      return text.charAt(at++) - '0';
    }
    return atom();
  }

  private double atom() {
    if (at == text.length()) {
      throw new NoValue();
    }
    char c = text.charAt(at);
    if (c >= '0' && c <= '9') {
      return number();
    }
    return switch (c) {
      case '{' -> group();
      case '(' -> enclosed("(", ")");
      case '|' -> Math.abs(enclosed("|", "|"));
      case '\\' -> command();
      default -> letter(c);
    };
  }

  private double number() {
    int start = at;
    while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    try {
      return Double.parseDouble(text.substring(start, at));
    } catch (NumberFormatException _) {
      throw new NoValue();
    }
  }

  private double letter(char c) {
    Double value = letters.get(c);
    if (value == null) {
      throw new NoValue();
    }
    at++;
    return value;
  }

  private double group() {
    return enclosed("{", "}");
  }

  private double enclosed(String open, String close) {
    expect(open);
    double value = sum();
    expect(close);
    return value;
  }

  private double command() {
    int start = at++;
    while (at < text.length() && Character.isLetter(text.charAt(at))) {
      at++;
    }
    String name = text.substring(start, at);
    return switch (name) {
      case "\\frac" -> fraction();
      case "\\sqrt" -> root();
      case "\\binom" -> binomial(group(), group());
      case "\\sin", "\\cos", "\\tan", "\\cot", "\\sec", "\\csc", "\\ln", "\\log", "\\arctan" ->
          function(name);
      default -> Optional.ofNullable(CONSTANTS.get(name)).orElseThrow(NoValue::new);
    };
  }

  private double fraction() {
    double numerator = group();
    return numerator / group();
  }

  private double root() {
    double degree = text.startsWith("[", at) ? enclosed("[", "]") : 2;
    double value = group();
    return degree == 2 ? Math.sqrt(value) : Math.pow(value, 1 / degree);
  }

  private static double binomial(double n, double k) {
    if (k < 0 || k > 1000 || k != Math.rint(k)) {
      throw new NoValue();
    }
    double value = 1;
    for (int i = 1; i <= k; i++) {
      value *= (n - k + i) / i;
    }
    return value;
  }

  private double function(String name) {
    double base = 10;
    if (name.equals("\\log") && accept("_")) {
      base = text.startsWith("{", at) ? group() : digitOrAtom();
    }
    double exponent = accept("^") ? digitOrAtom() : 1;
    double argument = power();
    double value =
        switch (name) {
          case "\\sin" -> Math.sin(argument);
          case "\\cos" -> Math.cos(argument);
          case "\\tan" -> Math.tan(argument);
          case "\\cot" -> 1 / Math.tan(argument);
          case "\\sec" -> 1 / Math.cos(argument);
          case "\\csc" -> 1 / Math.sin(argument);
          case "\\arctan" -> Math.atan(argument);
          case "\\ln" -> Math.log(argument);
          default -> Math.log(argument) / Math.log(base);
        };
    return Math.pow(value, exponent);
  }
}
