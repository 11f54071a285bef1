package io.kanana.data.filter.quality;

import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.DataFilter;
import io.kanana.data.filter.Verdict;
import io.kanana.data.text.Characters;
import io.kanana.data.text.DuplicateLines;
import io.kanana.data.text.Lines;
import io.kanana.data.text.Spans;
import io.kanana.data.text.WordRule;
import io.kanana.data.text.Words;

/**
 * Drops lists, menus and other text that is not made of lines of prose (Penedo et al. 2024, <em>The
 * FineWeb Datasets</em>, section 3.6). Blank lines do not count as lines.
 */
public final class FineWebQuality implements DataFilter {
  /**
   * Its limits; 0 switches one off.
   *
   * @param words what a word is
   * @param minPunctuatedLines share of lines that end in a terminal mark of any script; less is
   *     {@code too-few-punctuated-lines}
   * @param shortLine up to how many characters a line is short
   * @param maxShortLines share of short lines; more is {@code too-many-short-lines}
   * @param maxDuplicateLineCharacters what lines that were there before are of the text without its
   *     line feeds; more is {@code duplicate-line-characters}
   * @param maxLineFeeds line feeds by words; more is {@code too-many-line-feeds}
   */
  public record Config(
      WordRule words,
      double minPunctuatedLines,
      int shortLine,
      double maxShortLines,
      double maxDuplicateLineCharacters,
      double maxLineFeeds)
      implements CascadeStep.Config {
    public Config {
      Limits.share(minPunctuatedLines, "min-punctuated-lines");
      Limits.notNegative(shortLine, "short-line");
      Limits.share(maxShortLines, "max-short-lines");
      Limits.share(maxDuplicateLineCharacters, "max-duplicate-line-characters");
      Limits.notNegative(maxLineFeeds, "max-line-feeds");
    }

    @Override
    public FineWebQuality create() {
      return new FineWebQuality(this);
    }
  }

  private final Config config;
  private final ThreadLocal<Spans> lines = ThreadLocal.withInitial(Spans::new);
  private final ThreadLocal<DuplicateLines> duplicates =
      ThreadLocal.withInitial(DuplicateLines::new);

  public FineWebQuality(Config config) {
    this.config = config;
  }

  @Override
  public Verdict judge(Document document) {
    Words words = config.words().of(document.text());
    Spans found = Lines.notBlank(words.chars(), words.length(), lines.get());
    if (found.count() == 0) {
      return Verdict.drop("empty", null);
    }
    Verdict drop = ofLines(words, found);
    drop = drop == null ? ofBreaks(words, found) : drop;
    return drop == null ? Verdict.keep(document) : drop;
  }

  private Verdict ofLines(Words words, Spans found) {
    int punctuated = 0;
    int brief = 0;
    for (int i = 0; i < found.count(); i++) {
      int last = Character.codePointBefore(words.chars(), found.to(i), found.from(i));
      punctuated += Characters.isTerminal(last) ? 1 : 0;
      brief += isShort(words, found.from(i), found.to(i)) ? 1 : 0;
    }
    double lineCount = found.count();
    if (punctuated / lineCount < config.minPunctuatedLines()) {
      return Verdict.drop("too-few-punctuated-lines", punctuated / lineCount);
    }
    boolean tooMany = config.maxShortLines() > 0 && brief / lineCount > config.maxShortLines();
    return tooMany ? Verdict.drop("too-many-short-lines", brief / lineCount) : null;
  }

  private boolean isShort(Words words, int from, int to) {
    return to - from <= config.shortLine()
        || (to - from <= 2 * config.shortLine()
            && Characters.codePoints(words.chars(), from, to) <= config.shortLine());
  }

  private Verdict ofBreaks(Words words, Spans found) {
    int feeds = 0;
    for (int i = 0; i < words.length(); i++) {
      feeds += words.chars()[i] == '\n' ? 1 : 0;
    }
    int repeated = duplicates.get().of(words.chars(), found).characters();
    double share = (double) repeated / (words.codePoints() - feeds);
    if (config.maxDuplicateLineCharacters() > 0 && share > config.maxDuplicateLineCharacters()) {
      return Verdict.drop("duplicate-line-characters", share);
    }
    double perWord = (double) feeds / words.count();
    return config.maxLineFeeds() > 0 && perWord > config.maxLineFeeds()
        ? Verdict.drop("too-many-line-feeds", perWord)
        : null;
  }
}
