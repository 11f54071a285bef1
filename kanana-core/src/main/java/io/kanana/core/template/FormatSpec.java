package io.kanana.core.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * How one value is laid out by {@code %} or by {@code str.format}.
 *
 * @param fill what it is padded with
 * @param align {@code <}, {@code >}, {@code ^}, {@code =} (after the sign), or 0 for the type's own
 * @param sign {@code +}, a blank, or {@code -}
 * @param alternate whether a prefix such as {@code 0x} is written
 * @param grouping {@code ,} or {@code _} between thousands, or 0
 * @param precision -1 where none is given
 * @param type the letter of the presentation, or 0
 */
record FormatSpec(
    int fill,
    char align,
    char sign,
    boolean alternate,
    int width,
    char grouping,
    int precision,
    char type) {
  private static final int MAXIMUM_PRECISION = 1000;

  FormatSpec {
    if (precision > MAXIMUM_PRECISION) {
      throw Fault.bound("it formats a number to more than " + MAXIMUM_PRECISION + " digits");
    }
    if (grouping != 0 && align == '=') {
      throw Fault.failure("a format cannot both group digits and pad after the sign");
    }
  }

  String text(Budget budget, String text) {
    int length = PythonText.length(text);
    String cut =
        precision >= 0 && precision < length
            ? text.substring(0, PythonText.index(text, precision))
            : text;
    return pad(budget, "", cut, align == 0 ? '<' : align);
  }

  String integer(Budget budget, BigInteger value) {
    if (type == 'c') {
      return text(budget, character(value));
    }
    int radix =
        switch (type) {
          case 'x', 'X' -> 16;
          case 'o' -> 8;
          case 'b' -> 2;
          default -> 10;
        };
    String digits = value.abs().toString(radix);
    String prefix = alternate && radix != 10 ? "0" + type : "";
    String body = group(type == 'X' ? digits.toUpperCase(Locale.ROOT) : digits);
    return pad(budget, signOf(value.signum() < 0) + prefix, body, align == 0 ? '>' : align);
  }

  private static String character(BigInteger value) {
    if (value.signum() < 0
        || value.bitLength() > 21
        || value.intValue() > Character.MAX_CODE_POINT) {
      throw Fault.failure("there is no character number " + value);
    }
    return Character.toString(value.intValue());
  }

  String real(Budget budget, double value) {
    boolean negative = value < 0 || (value == 0 && 1 / value < 0);
    String body = Double.isNaN(value) || Double.isInfinite(value) ? special(value) : body(value);
    boolean upper = type == 'E' || type == 'F' || type == 'G';
    return pad(
        budget,
        signOf(negative),
        upper ? body.toUpperCase(Locale.ROOT) : body,
        align == 0 ? '>' : align);
  }

  private String special(double value) {
    return (Double.isNaN(value) ? "nan" : "inf") + (type == '%' ? "%" : "");
  }

  private String body(double value) {
    BigDecimal exact = new BigDecimal(Math.abs(value));
    int digits = precision < 0 ? 6 : precision;
    return switch (type) {
      case 'e', 'E' -> exponential(exact, digits);
      case 'f', 'F' -> fixed(exact, digits);
      case '%' -> fixed(new BigDecimal(Math.abs(value) * 100), digits) + "%";
      case 'g', 'G' -> general(exact, digits, false);
      default -> precision < 0 ? shortest(value) : general(exact, digits, true);
    };
  }

  private String shortest(double value) {
    String text = PythonNumber.repr(Math.abs(value));
    return text.contains("e") ? text : group(text);
  }

  private String fixed(BigDecimal exact, int digits) {
    return group(exact.setScale(digits, RoundingMode.HALF_EVEN).toPlainString());
  }

  private static String exponential(BigDecimal exact, int digits) {
    if (exact.signum() == 0) {
      return PythonNumber.scientific("0".repeat(digits + 1), 0, 'e');
    }
    BigDecimal rounded = exact.round(new java.math.MathContext(digits + 1, RoundingMode.HALF_EVEN));
    String unscaled = rounded.unscaledValue().toString();
    int exponent = unscaled.length() - 1 - rounded.scale();
    String padded = unscaled + "0".repeat(Math.max(0, digits + 1 - unscaled.length()));
    return PythonNumber.scientific(padded.substring(0, digits + 1), exponent, 'e');
  }

  private String general(BigDecimal exact, int wanted, boolean keepsPoint) {
    int digits = Math.max(1, wanted);
    BigDecimal rounded = exact.round(new java.math.MathContext(digits, RoundingMode.HALF_EVEN));
    int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - 1 - rounded.scale();
    if (exponent < -4 || exponent >= digits - (keepsPoint ? 1 : 0)) {
      String text = exponential(exact, digits - 1);
      int e = text.indexOf('e');
      return trimZeros(text.substring(0, e)) + text.substring(e);
    }
    String plain = trimZeros(rounded.toPlainString());
    return group(keepsPoint && plain.indexOf('.') < 0 ? plain + ".0" : plain);
  }

  private String trimZeros(String text) {
    if (alternate || text.indexOf('.') < 0) {
      return text;
    }
    String trimmed = PythonText.stripEnd(text, "0");
    return trimmed.endsWith(".") ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
  }

  private String group(String digits) {
    if (grouping == 0) {
      return digits;
    }
    int point = digits.indexOf('.') < 0 ? digits.length() : digits.indexOf('.');
    StringBuilder grouped = new StringBuilder(digits);
    for (int i = point - 3; i > 0; i -= 3) {
      grouped.insert(i, grouping);
    }
    return grouped.toString();
  }

  private String signOf(boolean negative) {
    return negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
  }

  private String pad(Budget budget, String prefix, String body, char side) {
    int missing = width - PythonText.length(prefix) - PythonText.length(body);
    if (missing <= 0) {
      return prefix + body;
    }
    budget.characters(2L * width);
    int before = side == '>' || side == '=' ? missing : side == '^' ? missing / 2 : 0;
    String filling = Character.toString(fill);
    String after = filling.repeat(missing - before);
    return side == '='
        ? prefix + filling.repeat(before) + body
        : filling.repeat(before) + prefix + body + after;
  }
}
