package io.kanana.data.text;

import java.util.List;
import java.util.stream.IntStream;

/** Where sentences end. Safe for use by several threads. */
public enum SentenceRule {
  /** At full stops, question and exclamation marks with white space behind them. */
  SIMPLE(SentenceEnds::simple),
  /** At terminal marks of any script, but not in abbreviations: as spaCy's sentencizer. */
  ENGLISH(SentenceEnds::english),
  /**
   * As {@link #SIMPLE}, and behind a closing ending without a full stop, as in 좋았어요: Korean on the
   * web leaves it out.
   */
  KOREAN(SentenceEnds::korean);

  private static final ThreadLocal<Spans> SENTENCES = ThreadLocal.withInitial(Spans::new);

  /** Appends spans that cover all characters between {@code from} and {@code to}. */
  interface Cut {
    void cut(char[] chars, int from, int to, Spans out);
  }

  @SuppressWarnings("ImmutableEnumChecker") // rules are functions without state
  private final Cut rule;

  SentenceRule(Cut rule) {
    this.rule = rule;
  }

  /** The number of sentences in a span; what is blank is none. */
  public int count(char[] chars, int from, int to) {
    Spans found = SENTENCES.get().clear();
    rule.cut(chars, from, to, found);
    int count = 0;
    for (int i = 0; i < found.count(); i++) {
      if (Characters.skipSpaces(chars, found.from(i), found.to(i)) < found.to(i)) {
        count++;
      }
    }
    return count;
  }

  /** The sentences of a text, without the white space around them. */
  public List<String> split(String text) {
    char[] chars = text.toCharArray();
    Spans found = new Spans();
    rule.cut(chars, 0, chars.length, found);
    return IntStream.range(0, found.count())
        .mapToObj(i -> strip(chars, found.from(i), found.to(i)))
        .filter(sentence -> !sentence.isEmpty())
        .toList();
  }

  private static String strip(char[] chars, int from, int to) {
    int start = Characters.skipSpaces(chars, from, to);
    return new String(chars, start, Characters.trimSpaces(chars, start, to) - start);
  }
}
