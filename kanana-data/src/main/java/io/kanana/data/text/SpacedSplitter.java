package io.kanana.data.text;

/**
 * Splits at white space, and what stands between by another splitter.
 *
 * @param splitter of what holds no white space
 */
record SpacedSplitter(WordSplitter splitter) implements WordSplitter {
  @Override
  public void split(char[] chars, int from, int to, Spans out) {
    int at = Characters.skipSpaces(chars, from, to);
    while (at < to) {
      int end = at + 1;
      while (end < to && !Characters.isSpace(chars[end])) {
        end++;
      }
      splitter.split(chars, at, end, out);
      at = Characters.skipSpaces(chars, end, to);
    }
  }
}
