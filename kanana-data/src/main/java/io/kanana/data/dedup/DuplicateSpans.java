package io.kanana.data.dedup;

import io.kanana.core.config.Check;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.CorpusFilter;

/**
 * Takes spans of sentences out that stood in the corpus before: C4's rule (Raffel et al., 2020),
 * with datatrove's defaults. Where sentences were taken out, those around them become neighbours,
 * so a second pass over the result may find spans that the first could not.
 */
public final class DuplicateSpans {
  private DuplicateSpans() {}

  /**
   * Which spans are compared.
   *
   * @param sentences how many in a row
   * @param text the form in which they are compared
   * @param minWords a document that lost sentences and has fewer words left is dropped
   * @param minSentences and one with fewer sentences
   */
  public record Config(int sentences, ComparedText text, int minWords, int minSentences)
      implements CascadeStep.Config {
    public Config {
      Check.that(sentences >= 1, "sentences", "must be at least 1, got %s", sentences);
      Check.that(minWords >= 1, "min-words", "must be at least 1, got %s", minWords);
      Check.that(minSentences >= 1, "min-sentences", "must be at least 1, got %s", minSentences);
    }

    @Override
    public CorpusFilter create() {
      return new DuplicatePieces(
          new DuplicatePieces.Rules(Cut.SENTENCES, sentences, text, 0, minWords, minSentences));
    }
  }
}
