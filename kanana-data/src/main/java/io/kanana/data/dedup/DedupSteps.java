package io.kanana.data.dedup;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.data.filter.CascadeStep;
import java.util.List;

/** The steps of a cascade that find what stands in a corpus more than once. */
public final class DedupSteps implements ExtensionProvider {
  private static final String EXACT_DUPLICATES = "text: raw";

  private static final String DUPLICATE_PARAGRAPHS =
      """
      unit: line
      text: simplified
      min-characters: 40
      min-words: 1
      """;

  private static final String DUPLICATE_SPANS =
      """
      sentences: 3
      text: simplified
      min-words: 50
      min-sentences: 3
      """;

  private static final String NEAR_DUPLICATES =
      """
      preset: fineweb
      keep: first
      """;

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            CascadeStep.Config.class,
            "exact-duplicates",
            ExactDuplicates.Config.class,
            "Keeps the first of documents with the same text.",
            EXACT_DUPLICATES),
        new Extension<>(
            CascadeStep.Config.class,
            "duplicate-paragraphs",
            DuplicateParagraphs.Config.class,
            "Takes lines or paragraphs out that stood in the corpus before.",
            DUPLICATE_PARAGRAPHS),
        new Extension<>(
            CascadeStep.Config.class,
            "duplicate-spans",
            DuplicateSpans.Config.class,
            "Takes runs of sentences out that stood in the corpus before.",
            DUPLICATE_SPANS),
        new Extension<>(
            CascadeStep.Config.class,
            "near-duplicates",
            NearDuplicates.Config.class,
            "Keeps one of each cluster of nearly alike documents, by MinHash.",
            NEAR_DUPLICATES));
  }
}
