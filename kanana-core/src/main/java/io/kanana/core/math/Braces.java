package io.kanana.core.math;

/** Braces of TeX and other brackets, of which each has its partner. */
final class Braces {
  private Braces() {}

  /** Where the brace at a place is closed, or -1; those behind a backslash are letters. */
  static int end(String text, int open) {
    int depth = 0;
    for (int i = open; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '\\' -> i++;
        case '{' -> depth++;
        case '}' -> {
          if (--depth == 0) {
            return i;
          }
        }
        default -> {}
      }
    }
    return -1;
  }

  /** How deep a character opens or closes brackets of any kind. */
  static int step(char c) {
    return switch (c) {
      case '{', '(', '[' -> 1;
      case '}', ')', ']' -> -1;
      default -> 0;
    };
  }
}
