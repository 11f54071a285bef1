package io.kanana.eval.request;

/** White space as Python's {@code str.isspace} and {@code str.strip} have it. */
public final class Spaces {
  private static final int NEXT_LINE = 0x85;

  private Spaces() {}

  public static boolean isSpace(int character) {
    return Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || character == NEXT_LINE;
  }

  /** Whether a text begins with white space; an empty one does not. */
  public static boolean atStart(String text) {
    return !text.isEmpty() && isSpace(text.charAt(0));
  }

  /** Whether a text ends with white space; an empty one does not. */
  public static boolean atEnd(String text) {
    return !text.isEmpty() && isSpace(text.charAt(text.length() - 1));
  }

  /** The text without white space at its end. */
  public static String stripEnd(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  /** The text without white space at both ends. */
  public static String strip(String text) {
    String rest = stripEnd(text);
    int begin = 0;
    while (begin < rest.length() && isSpace(rest.charAt(begin))) {
      begin++;
    }
    return rest.substring(begin);
  }
}
