package io.kanana.data.filter.quality;

import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.DocumentTransform;
import io.kanana.data.filter.Verdict;
import io.kanana.data.text.Characters;
import io.kanana.data.text.Lines;
import io.kanana.data.text.SentenceRule;
import io.kanana.data.text.Spans;

/**
 * Removes lines that are no sentences and marks of citations, and drops documents of which too
 * little is left or that are code or filler (Raffel et al. 2020, <em>Exploring the Limits of
 * Transfer Learning</em>, section 2.2). Its list of bad words is not applied.
 *
 * <p>As in datatrove: a line is measured before its citations are removed; a line that is removed
 * for its end or its length no longer drops the document for what it holds.
 */
public final class C4 implements DocumentTransform {
  /**
   * What it does; a number of 0 switches a limit off.
   *
   * @param sentences where a sentence ends
   * @param minSentences fewer in what is left are {@code too-few-sentences}
   * @param minWordsPerLine lines with fewer are removed
   * @param maxWordLength lines with a longer word are removed, in characters
   * @param terminalPunctuation remove lines that do not end in a full stop, question mark,
   *     exclamation mark or quote, or end in three full stops; FineWeb does without
   * @param removeCitations remove {@code [1]}, {@code [edit]}, {@code [citation needed]}
   * @param loremIpsum drop documents with a line that has {@code lorem ipsum}, as {@code
   *     lorem-ipsum}
   * @param javascript remove lines that speak of JavaScript
   * @param curlyBracket drop documents with a line that has an opening curly bracket, as {@code
   *     curly-bracket}
   * @param policy remove lines that speak of cookies, privacy policies or terms of use
   */
  public record Config(
      SentenceRule sentences,
      int minSentences,
      int minWordsPerLine,
      int maxWordLength,
      boolean terminalPunctuation,
      boolean removeCitations,
      boolean loremIpsum,
      boolean javascript,
      boolean curlyBracket,
      boolean policy)
      implements CascadeStep.Config {
    public Config {
      Limits.notNegative(minSentences, "min-sentences");
      Limits.notNegative(minWordsPerLine, "min-words-per-line");
      Limits.notNegative(maxWordLength, "max-word-length");
    }

    @Override
    public C4 create() {
      return new C4(this);
    }
  }

  private static final Phrases LOREM_IPSUM = new Phrases("lorem ipsum");
  private static final Phrases JAVASCRIPT = new Phrases("javascript");
  private static final Phrases POLICY =
      new Phrases(
          "terms of use",
          "privacy policy",
          "cookie policy",
          "uses cookies",
          "use of cookies",
          "use cookies");

  /** What becomes of a line. */
  private enum Line {
    KEPT,
    REMOVED,
    LOREM_IPSUM,
    CURLY_BRACKET
  }

  /** What one thread needs, used again for every document. */
  private static final class Workspace {
    final Spans lines = new Spans();
    final StringBuilder kept = new StringBuilder();
    final LineBuffer line = new LineBuffer();
  }

  private final Config config;
  private final ThreadLocal<Workspace> workspaces = ThreadLocal.withInitial(Workspace::new);

  public C4(Config config) {
    this.config = config;
  }

  @Override
  public Verdict apply(Document document) {
    Workspace workspace = workspaces.get();
    workspace.kept.setLength(0);
    char[] chars = document.text().toCharArray();
    Spans lines = Lines.atBreaks(chars, chars.length, workspace.lines);
    int sentences = 0;
    int kept = 0;
    for (int i = 0; i < lines.count(); i++) {
      LineBuffer line = workspace.line.of(chars, lines.from(i), lines.to(i));
      switch (judge(line)) {
        case LOREM_IPSUM -> {
          return Verdict.drop("lorem-ipsum", null);
        }
        case CURLY_BRACKET -> {
          return Verdict.drop("curly-bracket", null);
        }
        case KEPT -> {
          sentences += sentences(line);
          workspace.kept.append(kept++ == 0 ? "" : "\n").append(line.chars(), 0, line.length());
        }
        case REMOVED -> {}
      }
    }
    return sentences < config.minSentences()
        ? Verdict.drop("too-few-sentences", sentences)
        : verdict(document, workspace.kept);
  }

  /** An empty line counts as a sentence where empty lines are kept, as it does in datatrove. */
  private int sentences(LineBuffer line) {
    return config.minSentences() == 0
        ? 0
        : Math.max(1, config.sentences().count(line.chars(), 0, line.length()));
  }

  private static Verdict verdict(Document document, StringBuilder kept) {
    int from = 0;
    int to = kept.length();
    while (from < to && Characters.isSpace(kept.charAt(from))) {
      from++;
    }
    while (to > from && Characters.isSpace(kept.charAt(to - 1))) {
      to--;
    }
    if (from == to) {
      return Verdict.drop("empty", null);
    }
    String text = kept.substring(from, to);
    return Verdict.keep(
        text.equals(document.text())
            ? document
            : new Document(document.id(), text, document.metadata()));
  }

  private Line judge(LineBuffer line) {
    if (config.maxWordLength() > 0 && line.longestWord() > config.maxWordLength()) {
      return Line.REMOVED;
    }
    if (config.removeCitations()) {
      line.removeCitations();
    }
    boolean unfinished = config.terminalPunctuation() && !line.endsSentence();
    if (unfinished || line.words() < config.minWordsPerLine()) {
      return Line.REMOVED;
    }
    if (config.loremIpsum() && LOREM_IPSUM.in(line)) {
      return Line.LOREM_IPSUM;
    }
    if (config.javascript() && JAVASCRIPT.in(line)) {
      return Line.REMOVED;
    }
    if (config.curlyBracket() && line.has('{')) {
      return Line.CURLY_BRACKET;
    }
    return config.policy() && POLICY.in(line) ? Line.REMOVED : Line.KEPT;
  }
}
