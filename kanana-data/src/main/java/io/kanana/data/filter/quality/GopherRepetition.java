package io.kanana.data.filter.quality;

import io.kanana.core.config.Check;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.DataFilter;
import io.kanana.data.filter.Verdict;
import io.kanana.data.text.Characters;
import io.kanana.data.text.DuplicateLines;
import io.kanana.data.text.Lines;
import io.kanana.data.text.RepeatedNgrams;
import io.kanana.data.text.Spans;
import io.kanana.data.text.WordRule;
import io.kanana.data.text.Words;
import java.util.List;

/**
 * Drops documents that repeat themselves: lines, paragraphs, and runs of words (Rae et al. 2021,
 * <em>Scaling Language Models</em>, table A1). Shares are of the characters of the whole text.
 */
public final class GopherRepetition implements DataFilter {
  private static final int FIRST_TOP = 2;
  private static final int FIRST_DUPLICATE = 5;

  /**
   * Its limits; 0 switches one off. More is a drop by the name of the limit, without {@code max}.
   *
   * @param words what a word is
   * @param maxDuplicateLines share of lines that were there before
   * @param maxDuplicateParagraphs share of paragraphs that were there before
   * @param maxDuplicateLineCharacters what these lines are of the text
   * @param maxDuplicateParagraphCharacters what these paragraphs are of the text
   * @param maxTopNgrams what the most frequent run of 2, 3, ... words is of the text; {@code
   *     top-2-gram}, ...
   * @param maxDuplicateNgrams what runs of 5, 6, ... words that were there before are of the text;
   *     {@code duplicate-5-grams}, ...
   */
  public record Config(
      WordRule words,
      double maxDuplicateLines,
      double maxDuplicateParagraphs,
      double maxDuplicateLineCharacters,
      double maxDuplicateParagraphCharacters,
      List<Double> maxTopNgrams,
      List<Double> maxDuplicateNgrams)
      implements CascadeStep.Config {
    public Config {
      Limits.share(maxDuplicateLines, "max-duplicate-lines");
      Limits.share(maxDuplicateParagraphs, "max-duplicate-paragraphs");
      Limits.share(maxDuplicateLineCharacters, "max-duplicate-line-characters");
      Limits.share(maxDuplicateParagraphCharacters, "max-duplicate-paragraph-characters");
      Limits.shares(maxTopNgrams, "max-top-ngrams");
      Check.that(
          maxTopNgrams.size() <= FIRST_DUPLICATE - FIRST_TOP + 1,
          "max-top-ngrams",
          "must be at most four limits, for 2 to 5 words, got %s",
          maxTopNgrams);
      Limits.shares(maxDuplicateNgrams, "max-duplicate-ngrams");
      maxTopNgrams = List.copyOf(maxTopNgrams);
      maxDuplicateNgrams = List.copyOf(maxDuplicateNgrams);
    }

    @Override
    public GopherRepetition create() {
      return new GopherRepetition(this);
    }
  }

  /** What one thread needs, used again for every document. */
  private static final class Workspace {
    final Spans lines = new Spans();
    final DuplicateLines duplicates = new DuplicateLines();
    final RepeatedNgrams ngrams = new RepeatedNgrams();
  }

  private final Config config;
  private final double[] top;
  private final double[] duplicate;
  private final ThreadLocal<Workspace> workspaces = ThreadLocal.withInitial(Workspace::new);

  public GopherRepetition(Config config) {
    this.config = config;
    this.top = config.maxTopNgrams().stream().mapToDouble(Double::doubleValue).toArray();
    this.duplicate =
        config.maxDuplicateNgrams().stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Override
  public Verdict judge(Document document) {
    if (document.text().isEmpty()) {
      return Verdict.drop("empty", null);
    }
    Workspace workspace = workspaces.get();
    Words words = config.words().of(document.text());
    Verdict drop = ofParagraphs(words, workspace);
    drop = drop == null ? ofLines(words, workspace) : drop;
    drop = drop == null ? ofRuns(words, workspace) : drop;
    return drop == null ? Verdict.keep(document) : drop;
  }

  /** Paragraphs are those of the text without the white space around it. */
  private Verdict ofParagraphs(Words words, Workspace workspace) {
    char[] chars = words.chars();
    int from = Characters.skipSpaces(chars, 0, words.length());
    int to = Characters.trimSpaces(chars, from, words.length());
    Spans paragraphs = Lines.atRuns(chars, from, to, 2, workspace.lines);
    double most = config.maxDuplicateParagraphs();
    double mostCharacters = config.maxDuplicateParagraphCharacters();
    DuplicateLines duplicates = workspace.duplicates.of(chars, paragraphs);
    return ofDuplicates(words, paragraphs, duplicates, "paragraph", most, mostCharacters);
  }

  private Verdict ofLines(Words words, Workspace workspace) {
    Spans lines = Lines.atRuns(words.chars(), 0, words.length(), 1, workspace.lines);
    double most = config.maxDuplicateLines();
    double mostCharacters = config.maxDuplicateLineCharacters();
    DuplicateLines duplicates = workspace.duplicates.of(words.chars(), lines);
    return ofDuplicates(words, lines, duplicates, "line", most, mostCharacters);
  }

  private static Verdict ofDuplicates(
      Words words,
      Spans all,
      DuplicateLines duplicates,
      String kind,
      double most,
      double mostCharacters) {
    double share = (double) duplicates.count() / all.count();
    if (exceeds(share, most)) {
      return Verdict.drop("duplicate-" + kind + "s", share);
    }
    double characters = (double) duplicates.characters() / words.codePoints();
    return exceeds(characters, mostCharacters)
        ? Verdict.drop("duplicate-" + kind + "-characters", characters)
        : null;
  }

  private Verdict ofRuns(Words words, Workspace workspace) {
    RepeatedNgrams ngrams = workspace.ngrams.begin(words);
    double length = words.codePoints();
    for (int i = 0; i < top.length; i++) {
      double share = top[i] == 0 ? 0 : ngrams.top(FIRST_TOP + i) / length;
      if (exceeds(share, top[i])) {
        return Verdict.drop("top-" + (FIRST_TOP + i) + "-gram", share);
      }
    }
    return ofDuplicateRuns(ngrams, length);
  }

  private Verdict ofDuplicateRuns(RepeatedNgrams ngrams, double length) {
    for (int i = 0; i < duplicate.length; i++) {
      double share = duplicate[i] == 0 ? 0 : ngrams.duplicates(FIRST_DUPLICATE + i) / length;
      if (exceeds(share, duplicate[i])) {
        return Verdict.drop("duplicate-" + (FIRST_DUPLICATE + i) + "-grams", share);
      }
    }
    return null;
  }

  private static boolean exceeds(double value, double limit) {
    return limit > 0 && value > limit;
  }
}
