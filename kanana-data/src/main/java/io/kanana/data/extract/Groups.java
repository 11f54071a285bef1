package io.kanana.data.extract;

/** Finds the ends of what LaTeX brackets, never looking far. */
final class Groups {
  /** A group that is longer counts as never closed. */
  static final int LONGEST = 4000;

  private Groups() {}

  /**
   * Where the group that opens at a place closes, or -1 where it does not before a blank line.
   *
   * @param open the place of the opening brace or bracket
   */
  static int end(String text, int open) {
    return end(text, open, false);
  }

  /** The same, blank lines allowed. */
  static int endBeyondParagraphs(String text, int open) {
    return end(text, open, true);
  }

  private static int end(String text, int open, boolean beyond) {
    char opening = text.charAt(open);
    char closing = opening == '{' ? '}' : ']';
    int depth = 0;
    int limit = Math.min(text.length(), open + LONGEST);
    for (int i = open; i < limit; i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '{') {
        depth++;
      } else if (c == '}') {
        depth--;
      }
      boolean closed = depth <= 0 && i > open && c == closing;
      if (closed && (closing == '}' || depth == 0)) {
        return i;
      }
      if (depth < 0 || (!beyond && c == '\n' && isBlank(text, i + 1))) {
        return -1;
      }
    }
    return -1;
  }

  /** Whether the line that begins at a place is blank. */
  static boolean isBlank(String text, int line) {
    int i = line;
    while (i < text.length() && (text.charAt(i) == ' ' || text.charAt(i) == '\t')) {
      i++;
    }
    return i < text.length() && text.charAt(i) == '\n';
  }

  /** The first place from one on that is no white space within a paragraph. */
  static int skipSpace(String text, int from) {
    int i = from;
    while (i < text.length() && Character.isWhitespace(text.charAt(i))) {
      if (text.charAt(i) == '\n' && isBlank(text, i + 1)) {
        return from;
      }
      i++;
    }
    return i;
  }

  /** The first place of a character among the next few, or -1. */
  static int near(String text, char c, int from, int length) {
    int limit = Math.min(text.length(), from + length);
    for (int i = from; i < limit; i++) {
      if (text.charAt(i) == c) {
        return i;
      }
    }
    return -1;
  }

  static boolean isAt(String text, int place, char c) {
    return place < text.length() && text.charAt(place) == c;
  }
}
