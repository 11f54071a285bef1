package io.kanana.data.text;

/**
 * The words of one text, each a span of its characters. Spans follow one another, but may overlap:
 * where two morphemes share a syllable, it belongs to both. White space is in none.
 *
 * <p>For one thread; {@link WordRule#of} uses it again for the next text.
 */
public final class Words {
  private final Spans spans = new Spans();
  private String text = "";
  private char[] chars = new char[1024];
  private int length;
  private int codePoints;

  /** Begins a text without words. */
  Spans begin(String newText) {
    text = newText;
    length = newText.length();
    if (chars.length < length) {
      chars = new char[Math.max(length, 2 * chars.length)];
    }
    newText.getChars(0, length, chars, 0);
    codePoints = Characters.codePoints(chars, 0, length);
    return spans.clear();
  }

  /** How many words there are. */
  public int count() {
    return spans.count();
  }

  /** Where a word begins in {@link #chars}. */
  public int from(int word) {
    return spans.from(word);
  }

  /** Where a word ends in {@link #chars}. */
  public int to(int word) {
    return spans.to(word);
  }

  /** The text that was split. */
  public String text() {
    return text;
  }

  /** Its characters, of which {@link #length} count; not to be changed. */
  public char[] chars() {
    return chars;
  }

  /** The length of the text in UTF-16 units. */
  public int length() {
    return length;
  }

  /** The length of the text in code points, the unit of every published threshold. */
  public int codePoints() {
    return codePoints;
  }

  /** How many code points a word has. */
  public int codePoints(int word) {
    int from = from(word);
    int to = to(word);
    return codePoints == length ? to - from : Characters.codePoints(chars, from, to);
  }

  /** A word as a string. */
  public String word(int word) {
    return new String(chars, from(word), to(word) - from(word));
  }
}
