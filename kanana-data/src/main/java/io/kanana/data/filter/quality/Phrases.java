package io.kanana.data.filter.quality;

import java.util.Arrays;

/** A few lower-case phrases to look for in a line, whatever its case. Immutable. */
final class Phrases {
  /** Those that begin with a letter, by that letter. */
  private final char[][][] byFirst = new char[26][][];

  Phrases(String... phrases) {
    for (String phrase : phrases) {
      int first = phrase.charAt(0) - 'a';
      char[][] known = byFirst[first] == null ? new char[0][] : byFirst[first];
      byFirst[first] = Arrays.copyOf(known, known.length + 1);
      byFirst[first][known.length] = phrase.toCharArray();
    }
  }

  boolean in(LineBuffer line) {
    char[] chars = line.chars();
    for (int i = 0; i < line.length(); i++) {
      int first = (chars[i] | 0x20) - 'a';
      if (first >= 0 && first < 26 && byFirst[first] != null && isAt(line, i, byFirst[first])) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAt(LineBuffer line, int at, char[][] phrases) {
    for (char[] phrase : phrases) {
      int i = 0;
      while (i < phrase.length
          && at + i < line.length()
          && Character.toLowerCase(line.chars()[at + i]) == phrase[i]) {
        i++;
      }
      if (i == phrase.length) {
        return true;
      }
    }
    return false;
  }
}
