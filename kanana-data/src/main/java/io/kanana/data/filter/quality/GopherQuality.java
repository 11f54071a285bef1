package io.kanana.data.filter.quality;

import io.kanana.core.config.Check;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.DataFilter;
import io.kanana.data.filter.Verdict;
import io.kanana.data.text.Characters;
import io.kanana.data.text.Lines;
import io.kanana.data.text.Spans;
import io.kanana.data.text.WordRule;
import io.kanana.data.text.Words;
import java.util.List;

/**
 * Keeps documents that look like prose: enough words, of usual length, few symbols and bullets,
 * some stop words (Rae et al. 2021, <em>Scaling Language Models</em>, appendix A.1.1).
 *
 * <p>As in datatrove, words that are punctuation only count for the shares, but neither for the
 * number of words nor for their length, and stop words are compared with their case.
 */
public final class GopherQuality implements DataFilter {
  /**
   * Its limits; 0 switches one off.
   *
   * @param words what a word is
   * @param minWords fewer are {@code too-few-words}
   * @param maxWords more are {@code too-many-words}
   * @param minMeanWordLength in characters; a mean below is {@code words-too-short}
   * @param maxMeanWordLength a mean above is {@code words-too-long}
   * @param maxHashes hash signs by words; more are {@code too-many-hashes}
   * @param maxEllipses ellipses by words; more are {@code too-many-ellipses}
   * @param maxBulletLines share of lines that begin with a bullet or hyphen; more are {@code
   *     too-many-bullet-lines}
   * @param maxEllipsisLines share of lines that end in an ellipsis; more are {@code
   *     too-many-ellipsis-lines}
   * @param minAlphabeticWords share of words with a letter; less is {@code
   *     too-few-alphabetic-words}
   * @param minStopWords how many of the stop words must occur; fewer are {@code too-few-stop-words}
   * @param stopWords words that every text of the language has
   */
  public record Config(
      WordRule words,
      int minWords,
      int maxWords,
      double minMeanWordLength,
      double maxMeanWordLength,
      double maxHashes,
      double maxEllipses,
      double maxBulletLines,
      double maxEllipsisLines,
      double minAlphabeticWords,
      int minStopWords,
      List<String> stopWords)
      implements CascadeStep.Config {
    public Config {
      Limits.notNegative(minWords, "min-words");
      Limits.notNegative(maxWords, "max-words");
      Limits.notNegative(minMeanWordLength, "min-mean-word-length");
      Limits.notNegative(maxMeanWordLength, "max-mean-word-length");
      Limits.notNegative(maxHashes, "max-hashes");
      Limits.notNegative(maxEllipses, "max-ellipses");
      Limits.share(maxBulletLines, "max-bullet-lines");
      Limits.share(maxEllipsisLines, "max-ellipsis-lines");
      Limits.share(minAlphabeticWords, "min-alphabetic-words");
      Limits.notNegative(minStopWords, "min-stop-words");
      Check.that(
          maxWords == 0 || maxWords >= minWords,
          List.of("max-words", "min-words"),
          "must not be less than min-words %s, got %s",
          minWords,
          maxWords);
      Check.that(
          minStopWords <= stopWords.size(),
          List.of("min-stop-words", "stop-words"),
          "must not be more than the %s stop words, got %s",
          stopWords.size(),
          minStopWords);
      Check.that(
          stopWords.size() <= WordSet.MOST && stopWords.stream().noneMatch(String::isEmpty),
          "stop-words",
          "must be at most %s words, none of them empty, got %s",
          WordSet.MOST,
          stopWords);
      stopWords = List.copyOf(stopWords);
    }

    @Override
    public GopherQuality create() {
      return new GopherQuality(this);
    }
  }

  private final Config config;
  private final WordSet stopWords;
  private final ThreadLocal<Spans> lines = ThreadLocal.withInitial(Spans::new);

  public GopherQuality(Config config) {
    this.config = config;
    this.stopWords = new WordSet(config.stopWords());
  }

  @Override
  public Verdict judge(Document document) {
    Words words = config.words().of(document.text());
    WordFigures figures = WordFigures.of(words);
    Verdict drop = ofWords(figures);
    drop = drop == null ? ofSymbols(words) : drop;
    drop = drop == null ? ofLines(words) : drop;
    drop = drop == null ? ofLanguage(words, figures) : drop;
    return drop == null ? Verdict.keep(document) : drop;
  }

  private Verdict ofWords(WordFigures figures) {
    if (config.minWords() > 0 && figures.counted() < config.minWords()) {
      return Verdict.drop("too-few-words", figures.counted());
    }
    if (config.maxWords() > 0 && figures.counted() > config.maxWords()) {
      return Verdict.drop("too-many-words", figures.counted());
    }
    double mean = (double) figures.characters() / figures.counted();
    if (config.minMeanWordLength() > 0 && mean < config.minMeanWordLength()) {
      return Verdict.drop("words-too-short", mean);
    }
    if (config.maxMeanWordLength() > 0 && mean > config.maxMeanWordLength()) {
      return Verdict.drop("words-too-long", mean);
    }
    return null;
  }

  private Verdict ofSymbols(Words words) {
    int hashes = 0;
    int ellipses = 0;
    char[] chars = words.chars();
    for (int i = 0; i < words.length(); i++) {
      switch (chars[i]) {
        case '#' -> hashes++;
        case '…' -> ellipses++;
        case '.' -> {
          if (i + 2 < words.length() && chars[i + 1] == '.' && chars[i + 2] == '.') {
            ellipses++;
            i += 2;
          }
        }
        default -> {}
      }
    }
    double count = words.count();
    if (config.maxHashes() > 0 && hashes / count > config.maxHashes()) {
      return Verdict.drop("too-many-hashes", hashes / count);
    }
    if (config.maxEllipses() > 0 && ellipses / count > config.maxEllipses()) {
      return Verdict.drop("too-many-ellipses", ellipses / count);
    }
    return null;
  }

  private Verdict ofLines(Words words) {
    char[] chars = words.chars();
    Spans found = Lines.atBreaks(chars, words.length(), lines.get());
    int bullets = 0;
    int ellipses = 0;
    for (int i = 0; i < found.count(); i++) {
      int from = Characters.skipSpaces(chars, found.from(i), found.to(i));
      int to = Characters.trimSpaces(chars, from, found.to(i));
      if (from < to) {
        bullets += chars[from] == '•' || chars[from] == '-' ? 1 : 0;
        ellipses += endsInEllipsis(chars, from, to) ? 1 : 0;
      }
    }
    double count = found.count();
    if (config.maxBulletLines() > 0 && bullets / count > config.maxBulletLines()) {
      return Verdict.drop("too-many-bullet-lines", bullets / count);
    }
    if (config.maxEllipsisLines() > 0 && ellipses / count > config.maxEllipsisLines()) {
      return Verdict.drop("too-many-ellipsis-lines", ellipses / count);
    }
    return null;
  }

  static boolean endsInEllipsis(char[] chars, int from, int to) {
    return chars[to - 1] == '…'
        || (to - from >= 3 && chars[to - 1] == '.' && chars[to - 2] == '.' && chars[to - 3] == '.');
  }

  private Verdict ofLanguage(Words words, WordFigures figures) {
    double alphabetic = (double) figures.alphabetic() / words.count();
    if (config.minAlphabeticWords() > 0 && alphabetic < config.minAlphabeticWords()) {
      return Verdict.drop("too-few-alphabetic-words", alphabetic);
    }
    int present = config.minStopWords() == 0 ? 0 : stopWords.present(words);
    return present < config.minStopWords() ? Verdict.drop("too-few-stop-words", present) : null;
  }
}
