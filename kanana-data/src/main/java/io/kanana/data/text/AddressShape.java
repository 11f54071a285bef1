package io.kanana.data.text;

/**
 * Tells addresses of web pages and mail from words with dots in them: an optional scheme, an
 * optional name before an at sign, labels with dots between them of which the last has two lower
 * letters or more (or four numbers), an optional port and whatever follows.
 */
final class AddressShape {
  private AddressShape() {}

  static boolean matches(char[] chars, int from, int to) {
    int host = afterScheme(chars, from, to);
    for (int i = to - 1; i >= host; i--) {
      if (chars[i] == '@') {
        return i > host && isHostAndRest(chars, i + 1, to);
      }
    }
    return isHostAndRest(chars, host, to);
  }

  private static int afterScheme(char[] chars, int from, int to) {
    int at = from;
    while (at < to && isSchemePart(chars[at])) {
      at++;
    }
    boolean scheme =
        at - from >= 2
            && at + 2 < to
            && chars[at] == ':'
            && chars[at + 1] == '/'
            && chars[at + 2] == '/';
    return scheme ? at + 3 : from;
  }

  private static boolean isSchemePart(char c) {
    return Characters.isWordPart(c) || c == '+' || c == '-' || c == '.';
  }

  private static boolean isHostAndRest(char[] chars, int from, int to) {
    int end = from;
    while (end < to
        && (isLabelEnd(chars[end])
            || chars[end] == '-'
            || chars[end] == '_'
            || chars[end] == '.')) {
      end++;
    }
    return isRest(chars, end, to) && (isHost(chars, from, end) || isNumeric(chars, from, end));
  }

  private static boolean isLabelEnd(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0xA1;
  }

  /** An optional port of two to five digits, then nothing or a path, query or fragment. */
  private static boolean isRest(char[] chars, int from, int to) {
    int at = from;
    if (at < to && chars[at] == ':') {
      at++;
      while (at < to && chars[at] >= '0' && chars[at] <= '9') {
        at++;
      }
      if (at - from < 3 || at - from > 6) {
        return false;
      }
    }
    return at == to || chars[at] == '/' || chars[at] == '?' || chars[at] == '#';
  }

  private static boolean isHost(char[] chars, int from, int to) {
    int top = to;
    while (top > from && isLower(chars[top - 1])) {
      top--;
    }
    if (to - top < 2 || to - top > 63 || top - from < 2 || chars[top - 1] != '.') {
      return false;
    }
    int start = from;
    for (int i = from; i < top; i++) {
      if (chars[i] == '.') {
        if (i == start || !isLabelEnd(chars[start]) || !isLabelEnd(chars[i - 1])) {
          return false;
        }
        start = i + 1;
      }
    }
    return true;
  }

  private static boolean isLower(char c) {
    return Characters.isLetter(c) && !Character.isUpperCase(c) && !Character.isTitleCase(c);
  }

  private static boolean isNumeric(char[] chars, int from, int to) {
    int numbers = 0;
    int digits = 0;
    for (int i = from; i < to; i++) {
      if (chars[i] == '.') {
        numbers++;
        digits = 0;
      } else if (chars[i] < '0' || chars[i] > '9' || ++digits > 3) {
        return false;
      }
      if (chars[i] == '.' && (i == from || chars[i - 1] == '.')) {
        return false;
      }
    }
    return numbers == 3 && digits > 0;
  }
}
