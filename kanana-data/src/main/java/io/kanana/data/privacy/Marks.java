package io.kanana.data.privacy;

/**
 * Where numbers begin and end in running text. Hangul may touch them ({@code 전화010-1234-5678로}),
 * letters of ASCII and other digits may not.
 */
final class Marks {
  private Marks() {}

  static boolean isDigit(String text, int at) {
    return at >= 0 && at < text.length() && isDigit(text.charAt(at));
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  static boolean isWord(char c) {
    return isDigit(c) || isLetter(c) || c == '_';
  }

  static boolean is(String text, int at, char c) {
    return at >= 0 && at < text.length() && text.charAt(at) == c;
  }

  /** Whether something may begin here: no longer number or word reaches to it. */
  static boolean clearBefore(String text, int at) {
    if (at == 0) {
      return true;
    }
    char before = text.charAt(at - 1);
    boolean joined = joins(before) && isDigit(text, at - 2) && isDigit(text, at);
    return !isWord(before) && before != '+' && !joined;
  }

  /** Whether something may end here. */
  static boolean clearAfter(String text, int end) {
    if (end == text.length()) {
      return true;
    }
    char after = text.charAt(end);
    return !isWord(after) && after != '@' && !(joins(after) && isDigit(text, end + 1));
  }

  private static boolean joins(char c) {
    return c == '-' || c == '.';
  }

  /** How many digits stand here, counting no more than {@code most + 1}. */
  static int digits(String text, int at, int most) {
    int end = at;
    while (end - at <= most && isDigit(text, end)) {
      end++;
    }
    return end - at;
  }

  /** The place after a separator within a number, which a digit or bracket follows; or -1. */
  static int afterSeparator(String text, int at) {
    int next = at;
    while (next < text.length() && next - at < 3 && isSeparator(text.charAt(next))) {
      next++;
    }
    boolean one = next == at + 1;
    boolean spaced = next == at + 3 && is(text, at, ' ') && is(text, at + 2, ' ');
    boolean two = next == at + 2 && (is(text, at, ')') || text.startsWith("  ", at));
    boolean some = (one || (spaced && !is(text, at + 1, ' ')) || two) && isDigit(text, next);
    return some ? next : -1;
  }

  private static boolean isSeparator(char c) {
    return c == '-' || c == '.' || c == ' ' || c == ')' || c == '\u2011' || c == '\u2013';
  }

  /** The digits among the characters from {@code start} up to {@code end}. */
  static String digitsOf(String text, int start, int end) {
    StringBuilder digits = new StringBuilder();
    for (int i = start; i < end; i++) {
      if (isDigit(text.charAt(i))) {
        digits.append(text.charAt(i));
      }
    }
    return digits.toString();
  }
}
