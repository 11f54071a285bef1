package io.kanana.data.text;

/** {@link WordRule#SIMPLE}. */
final class SimpleWords implements WordSplitter {
  @Override
  public void split(char[] chars, int from, int to, Spans out) {
    int at = from;
    while (at < to) {
      int next = at + Character.charCount(Characters.at(chars, at, to));
      if (Characters.isWordPart(Characters.at(chars, at, to))) {
        next = endOfRun(chars, next, to);
        out.add(at, next);
      } else if (!Characters.isSpace(chars[at])) {
        out.add(at, next);
      }
      at = next;
    }
  }

  private static int endOfRun(char[] chars, int from, int to) {
    int at = from;
    while (at < to && Characters.isWordPart(Characters.at(chars, at, to))) {
      at += Character.charCount(Characters.at(chars, at, to));
    }
    return at;
  }
}
