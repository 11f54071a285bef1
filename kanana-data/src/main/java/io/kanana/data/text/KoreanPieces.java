package io.kanana.data.text;

/**
 * Cuts a space-separated word of a Korean text into what a dictionary of morphemes splits further
 * and what it cannot: addresses, numbers, words of other scripts, runs of a symbol. The borders are
 * those that Kiwi draws, with which the published thresholds for Korean were found.
 */
final class KoreanPieces {
  /** ASCII that ends an address, besides white space. */
  private static final String NO_ADDRESS = "<>\"`{}|\\^";

  /** Marks that stand single, however many follow each other. */
  private static final String BRACKETS = "()[]{}<>「」『』【】〈〉《》（）“”‘’";

  private KoreanPieces() {}

  /** Hangul and Chinese characters, of which a dictionary knows the parts. */
  static boolean isAnalysed(char c) {
    return (c >= 0xAC00 && c <= 0xD7A3)
        || (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x1100 && c <= 0x11FF);
  }

  /**
   * Where the piece ends that begins at a place.
   *
   * @param word where the word begins
   */
  static int end(char[] chars, int word, int from, int to) {
    char first = chars[from];
    if (isAnalysed(first)) {
      int end = from + 1;
      while (end < to && isAnalysed(chars[end])) {
        end++;
      }
      return end;
    }
    if (isDigit(first)) {
      return number(chars, from, to);
    }
    if (isOtherLetter(first)) {
      return other(chars, from, to);
    }
    boolean tag = from == word && (first == '#' || first == '@') && from + 1 < to;
    return tag && Characters.isLetter(chars[from + 1])
        ? tag(chars, from + 1, to)
        : symbols(chars, from, to);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isOtherLetter(char c) {
    return c != '_' && !isDigit(c) && !isAnalysed(c) && Characters.isWordPart(c);
  }

  /** Digits, with single marks between them: dates, times, thousands, telephone numbers. */
  private static int number(char[] chars, int from, int to) {
    int at = from + 1;
    while (at < to
        && (isDigit(chars[at])
            || (at + 1 < to && isDigit(chars[at + 1]) && ".,:-/".indexOf(chars[at]) >= 0))) {
      at++;
    }
    return at;
  }

  private static int other(char[] chars, int from, int to) {
    int address = address(chars, from, to);
    int end = Math.max(address, from + 1);
    while (address == from && end < to && isOtherLetter(chars[end])) {
      end++;
    }
    return end;
  }

  private static int tag(char[] chars, int from, int to) {
    int at = from;
    while (at < to && Characters.isWordPart(chars[at])) {
      at++;
    }
    return at;
  }

  /** The same character again and again, but brackets one by one. */
  private static int symbols(char[] chars, int from, int to) {
    char first = chars[from];
    if (Character.isHighSurrogate(first)) {
      return from + Character.charCount(Characters.at(chars, from, to));
    }
    int at = from + 1;
    while (at < to && chars[at] == first && BRACKETS.indexOf(first) < 0) {
      at++;
    }
    return at;
  }

  /** Where an address of a page, of mail or a file's name ends, or {@code from}. */
  private static int address(char[] chars, int from, int to) {
    int scheme = afterScheme(chars, from, to);
    if (scheme > from) {
      return page(chars, scheme, to);
    }
    int end = host(chars, from, to);
    return end < to && chars[end] == '@'
        ? named(chars, end + 1, host(chars, end + 1, to), from)
        : named(chars, from, end, from);
  }

  private static int afterScheme(char[] chars, int from, int to) {
    int at = from;
    while (at < to && chars[at] >= 'a' && chars[at] <= 'z') {
      at++;
    }
    boolean scheme =
        at - from >= 3
            && at + 3 < to
            && chars[at] == ':'
            && chars[at + 1] == '/'
            && chars[at + 2] == '/'
            && Characters.isWordPart(chars[at + 3]);
    return scheme ? at + 3 : from;
  }

  private static int page(char[] chars, int from, int to) {
    int end = from;
    while (end < to
        && chars[end] > ' '
        && chars[end] < 0x7F
        && NO_ADDRESS.indexOf(chars[end]) < 0) {
      end++;
    }
    while (end > from + 1 && ".,;:!?'".indexOf(chars[end - 1]) >= 0) {
      end--;
    }
    return end;
  }

  private static int host(char[] chars, int from, int to) {
    int at = from;
    while (at < to && isHostPart(chars[at])) {
      at++;
    }
    return at;
  }

  private static boolean isHostPart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || isDigit(c)
        || c == '.'
        || c == '-'
        || c == '_';
  }

  /** The end of labels with dots between them of which the last is two lower letters or more. */
  private static int named(char[] chars, int from, int to, int none) {
    int end = to;
    while (end > from && !Characters.isLetter(chars[end - 1])) {
      end--;
    }
    int label = end;
    while (label > from && chars[label - 1] >= 'a' && chars[label - 1] <= 'z') {
      label--;
    }
    boolean dotted = label - from >= 2 && chars[label - 1] == '.' && chars[label - 2] != '.';
    return dotted && end - label >= 2 ? end : none;
  }
}
