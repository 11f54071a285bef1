package io.kanana.core.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as Python writes, reads and divides them. */
final class PythonNumber {
  private PythonNumber() {}

  /** The shortest text that reads back as the same number, in the layout of {@code repr}. */
  static String repr(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    String digits = shortest.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - shortest.scale();
    String sign = value < 0 ? "-" : "";
    if (exponent >= -4 && exponent < 16) {
      String plain = shortest.abs().toPlainString();
      return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
    }
    return sign + scientific(digits, exponent, 'e');
  }

  /** {@code d.ddde+xx}. */
  static String scientific(String digits, int exponent, char letter) {
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    return mantissa
        + letter
        + (exponent < 0 ? "-" : "+")
        + String.format(Locale.ROOT, "%02d", Math.abs(exponent));
  }

  /** An integer in a base from 2 to 36 (0: by its prefix), or null if the text is none. */
  static BigInteger integer(String text, int base) {
    String body = PythonText.stripEnd(PythonText.stripStart(text, null), null);
    boolean negative = body.startsWith("-");
    if (negative || body.startsWith("+")) {
      body = body.substring(1);
    }
    int prefixed =
        body.length() > 2 && body.charAt(0) == '0' ? PythonText.radix(body.charAt(1)) : 0;
    boolean takesPrefix = prefixed > 0 && (base == 0 || base == prefixed);
    String digits = digits(takesPrefix ? body.substring(2) : body);
    int radix = base != 0 ? base : takesPrefix ? prefixed : 10;
    if (digits == null || !digits.chars().allMatch(c -> Character.digit(c, radix) >= 0)) {
      return null;
    }
    BigInteger value = new BigInteger(digits, radix);
    return negative ? value.negate() : value;
  }

  /** Digits without the underscores that may stand singly between them, or null. */
  private static String digits(String text) {
    boolean misplaced = text.startsWith("_") || text.endsWith("_") || text.contains("__");
    return text.isEmpty() || misplaced ? null : text.replace("_", "");
  }

  /** A floating-point number, or null if the text is none. */
  static Double real(String text) {
    String body = PythonText.stripEnd(PythonText.stripStart(text, null), null);
    String word = body.toLowerCase(java.util.Locale.ROOT);
    boolean negative = word.startsWith("-");
    String unsigned = negative || word.startsWith("+") ? word.substring(1) : word;
    return switch (unsigned) {
      case "inf", "infinity" -> negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      case "nan" -> Double.NaN;
      default -> decimal(body, unsigned);
    };
  }

  private static Double decimal(String body, String unsigned) {
    // parseDouble also takes hexadecimal floats and the suffixes of Java
    if (unsigned.isEmpty() || !unsigned.chars().allMatch(c -> "0123456789.e+-_".indexOf(c) >= 0)) {
      return null;
    }
    try {
      return Double.valueOf(body.replace("_", ""));
    } catch (NumberFormatException _) {
      return null;
    }
  }

  static BigInteger floorDivide(BigInteger a, BigInteger b) {
    BigInteger[] parts = a.divideAndRemainder(b);
    boolean down = parts[1].signum() != 0 && parts[1].signum() != b.signum();
    return down ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  static BigInteger floorModulo(BigInteger a, BigInteger b) {
    BigInteger remainder = a.remainder(b);
    boolean other = remainder.signum() != 0 && remainder.signum() != b.signum();
    return other ? remainder.add(b) : remainder;
  }

  static double floorModulo(double a, double b) {
    double remainder = a % b;
    return remainder != 0 && remainder < 0 != b < 0 ? remainder + b : remainder;
  }

  /** {@code round(value, digits)}: the exact binary value, half to even. */
  static double round(double value, int digits) {
    if (Double.isNaN(value) || Double.isInfinite(value) || digits > 323) {
      return value;
    }
    if (digits < -308) {
      return Math.copySign(0, value);
    }
    double rounded = new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
    return Math.copySign(rounded, value);
  }

  /** The exact ratio of two integers as the nearest number. */
  static double ratio(BigInteger a, BigInteger b) {
    double x = a.doubleValue();
    double y = b.doubleValue();
    if (a.bitLength() <= 53 && b.bitLength() <= 53) {
      return x / y;
    }
    return new BigDecimal(a).divide(new BigDecimal(b), new java.math.MathContext(40)).doubleValue();
  }
}
