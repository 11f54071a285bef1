package io.kanana.data.dedup;

import io.kanana.core.config.Check;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.CorpusFilter;

/** Takes paragraphs out that stood in the corpus before, as CCNet does (Wenzek et al., 2020). */
public final class DuplicateParagraphs {
  /** What a paragraph is. */
  public enum Unit {
    /** A line: most extracted text has a paragraph on each. */
    LINE,
    /** What stands between empty lines. */
    PARAGRAPH
  }

  private DuplicateParagraphs() {}

  /**
   * Which paragraphs are compared.
   *
   * @param unit what a paragraph is
   * @param text the form in which they are compared
   * @param minCharacters shorter ones stay: headings such as "See also" belong to each page
   * @param minWords a document that lost paragraphs and has fewer words left is dropped
   */
  public record Config(Unit unit, ComparedText text, int minCharacters, int minWords)
      implements CascadeStep.Config {
    public Config {
      Check.that(minCharacters >= 0, "min-characters", "must be at least 0, got %s", minCharacters);
      Check.that(minWords >= 1, "min-words", "must be at least 1, got %s", minWords);
    }

    @Override
    public CorpusFilter create() {
      Cut cut = unit == Unit.LINE ? Cut.LINES : Cut.PARAGRAPHS;
      return new DuplicatePieces(
          new DuplicatePieces.Rules(cut, 1, text, minCharacters, minWords, 1));
    }
  }
}
