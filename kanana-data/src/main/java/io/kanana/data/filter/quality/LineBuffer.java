package io.kanana.data.filter.quality;

import io.kanana.data.text.Characters;

/** One line that {@link C4} looks at and takes its citations from. For one thread. */
final class LineBuffer {
  private static final String[] CITATIONS = {"[edit]", "[citation needed]"};

  private char[] chars = new char[256];
  private int length;
  private int words;
  private int longestWord;

  /** Begins a line without the white space around it, and counts its space-separated words. */
  LineBuffer of(char[] source, int from, int to) {
    int start = Characters.skipSpaces(source, from, to);
    length = Characters.trimSpaces(source, start, to) - start;
    if (chars.length < length) {
      chars = new char[Math.max(length, 2 * chars.length)];
    }
    System.arraycopy(source, start, chars, 0, length);
    words = 0;
    longestWord = 0;
    int at = 0;
    while (at < length) {
      int end = at;
      while (end < length && !Characters.isSpace(chars[end])) {
        end++;
      }
      words++;
      longestWord = Math.max(longestWord, Characters.codePoints(chars, at, end));
      at = Characters.skipSpaces(chars, end, length);
    }
    return this;
  }

  char[] chars() {
    return chars;
  }

  int length() {
    return length;
  }

  int words() {
    return words;
  }

  /** In code points. */
  int longestWord() {
    return longestWord;
  }

  /** Removes them in one pass: what grows together behind it stays. */
  void removeCitations() {
    int kept = 0;
    int at = 0;
    while (at < length) {
      int citation = chars[at] == '[' ? citation(at) : 0;
      if (citation > 0) {
        at += citation;
      } else {
        chars[kept++] = chars[at++];
      }
    }
    length = kept;
  }

  /** The length of the citation that begins at a bracket, or 0: digits of any script, or a word. */
  private int citation(int from) {
    int at = from + 1;
    while (at < length && Character.isDigit(Character.codePointAt(chars, at, length))) {
      at += Character.charCount(Character.codePointAt(chars, at, length));
    }
    if (at < length && chars[at] == ']') {
      return at + 1 - from;
    }
    for (String citation : CITATIONS) {
      if (isAt(citation, from)) {
        return citation.length();
      }
    }
    return 0;
  }

  private boolean isAt(String word, int from) {
    if (from + word.length() > length) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (chars[from + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether it ends in a mark that a sentence ends in; three full stops are none. */
  boolean endsSentence() {
    if (length == 0) {
      return false;
    }
    return switch (chars[length - 1]) {
      case '.' -> length < 3 || chars[length - 2] != '.' || chars[length - 3] != '.';
      case '?', '!', '"', '\'' -> true;
      default -> false;
    };
  }

  boolean has(char wanted) {
    for (int i = 0; i < length; i++) {
      if (chars[i] == wanted) {
        return true;
      }
    }
    return false;
  }
}
