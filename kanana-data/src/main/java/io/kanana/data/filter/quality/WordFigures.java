package io.kanana.data.filter.quality;

import io.kanana.data.text.Characters;
import io.kanana.data.text.Words;

/**
 * What Gopher asks about words.
 *
 * @param counted words that are not punctuation only
 * @param characters the length of those, in code points
 * @param alphabetic words with a letter
 */
record WordFigures(int counted, long characters, int alphabetic) {
  static WordFigures of(Words words) {
    int counted = 0;
    long characters = 0;
    int alphabetic = 0;
    for (int i = 0; i < words.count(); i++) {
      int classes = classes(words.chars(), words.from(i), words.to(i));
      if ((classes & 1) != 0) {
        counted++;
        characters += words.codePoints(i);
      }
      alphabetic += classes >> 1;
    }
    return new WordFigures(counted, characters, alphabetic);
  }

  /**
   * 1 if there is something else than punctuation, and 2 if there is a letter; letters are both.
   */
  private static int classes(char[] chars, int from, int to) {
    int classes = 0;
    int at = from;
    while (at < to) {
      int c = Character.codePointAt(chars, at, to);
      if (Characters.isLetter(c)) {
        return 3;
      }
      if (!Characters.isSymbol(c)) {
        classes = 1;
      }
      at += Character.charCount(c);
    }
    return classes;
  }
}
