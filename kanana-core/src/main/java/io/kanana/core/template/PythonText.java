package io.kanana.core.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Text as Python sees it: sequences of code points, Python's white space, its literals. Benchmarks
 * are defined by Python programs, so it is of use beyond templates.
 */
public final class PythonText {
  private PythonText() {}

  /** Whether Python's {@code str.isspace} counts a character as white space. */
  public static boolean isSpace(int c) {
    return (c >= 0x09 && c <= 0x0d)
        || (c >= 0x1c && c <= 0x20)
        || c == 0x85
        || c == 0xa0
        || (c > 0xff && Character.isSpaceChar(c));
  }

  public static boolean isBlank(String text) {
    return skipSpace(text, 0) == text.length();
  }

  /** The first place from {@code from} on that holds no white space. */
  public static int skipSpace(String text, int from) {
    int i = from;
    while (i < text.length() && isSpace(text.charAt(i))) {
      i++;
    }
    return i;
  }

  /** Without white space around it. */
  public static String strip(String text) {
    return stripEnd(stripStart(text, null), null);
  }

  /** Without the leading characters of a set; null is white space. */
  public static String stripStart(String text, String characters) {
    int i = 0;
    while (i < text.length() && strips(text.codePointAt(i), characters)) {
      i += Character.charCount(text.codePointAt(i));
    }
    return text.substring(i);
  }

  /** Without the trailing characters of a set; null is white space. */
  public static String stripEnd(String text, String characters) {
    int i = text.length();
    while (i > 0 && strips(text.codePointBefore(i), characters)) {
      i -= Character.charCount(text.codePointBefore(i));
    }
    return text.substring(0, i);
  }

  private static boolean strips(int c, String characters) {
    return characters == null ? isSpace(c) : characters.indexOf(c) >= 0;
  }

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The index of a character by its number among the code points. */
  static int index(String text, int codePoints) {
    return text.offsetByCodePoints(0, codePoints);
  }

  /** The base that a prefix such as the {@code x} of {@code 0x1f} stands for, or 0. */
  static int radix(char prefix) {
    return switch (prefix) {
      case 'x', 'X' -> 16;
      case 'o', 'O' -> 8;
      case 'b', 'B' -> 2;
      default -> 0;
    };
  }

  /** The lines of {@code str.splitlines}. */
  static List<String> lines(String text, boolean keepEnds) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = start;
      while (end < text.length() && !endsLine(text.charAt(end))) {
        end++;
      }
      int next = Math.min(end + 1, text.length());
      if (text.startsWith("\r\n", end)) {
        next++;
      }
      lines.add(text.substring(start, keepEnds ? next : end));
      start = next;
    }
    return lines;
  }

  private static boolean endsLine(char c) {
    return (c >= '\n' && c <= '\r')
        || (c >= 0x1c && c <= 0x1e)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  /** The text of a string literal between its quotes. */
  static String unescape(String body, int line) {
    if (body.indexOf('\\') < 0) {
      return body;
    }
    StringBuilder text = new StringBuilder();
    int i = 0;
    while (i < body.length()) {
      char c = body.charAt(i++);
      if (c == '\\' && i < body.length()) {
        i = escape(body, i, text, line);
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  /** Decodes the escape whose letter is at {@code i}; returns the place after it. */
  private static int escape(String body, int i, StringBuilder text, int line) {
    char c = body.charAt(i);
    int plain = "\\'\"abfnrtv".indexOf(c);
    if (plain >= 0) {
      text.append("\\'\"\u0007\b\f\n\r\t\u000b".charAt(plain));
      return i + 1;
    }
    return switch (c) {
      case '\n' -> i + 1;
      case 'x' -> hexadecimal(body, i + 1, 2, text, line);
      case 'u' -> hexadecimal(body, i + 1, 4, text, line);
      case 'U' -> hexadecimal(body, i + 1, 8, text, line);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(body, i, text);
      case 'N' -> throw Fault.syntax(line, "the escape '\\N' is not supported; use '\\u'");
      default -> {
        text.append('\\').append(c);
        yield i + 1;
      }
    };
  }

  private static int hexadecimal(String body, int from, int digits, StringBuilder text, int line) {
    int value = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = i < body.length() ? Character.digit(body.charAt(i), 16) : -1;
      if (digit < 0 || value > Character.MAX_CODE_POINT >> 4) {
        throw Fault.syntax(line, "a string holds a malformed escape of " + digits + " digits");
      }
      value = value << 4 | digit;
    }
    if (value > Character.MAX_CODE_POINT) {
      throw Fault.syntax(line, "a string holds an escape beyond Unicode");
    }
    text.appendCodePoint(value);
    return from + digits;
  }

  private static int octal(String body, int from, StringBuilder text) {
    int value = 0;
    int i = from;
    while (i < Math.min(from + 3, body.length()) && Character.digit(body.charAt(i), 8) >= 0) {
      value = value * 8 + Character.digit(body.charAt(i++), 8);
    }
    text.append((char) value);
    return i;
  }

  /** A text as Python's {@code repr} quotes it. */
  static void quote(String text, StringBuilder out) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    out.append(quote);
    text.codePoints().forEach(c -> quoted(c, quote, out));
    out.append(quote);
  }

  private static void quoted(int c, char quote, StringBuilder out) {
    switch (c) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\\' -> out.append("\\\\");
      default -> {
        if (c == quote) {
          out.append('\\').append(quote);
        } else if (printable(c)) {
          out.appendCodePoint(c);
        } else {
          out.append(
              String.format(
                  Locale.ROOT, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
        }
      }
    }
  }

  /** Whether Python's {@code str.isprintable} counts a character as printable. */
  static boolean printable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
