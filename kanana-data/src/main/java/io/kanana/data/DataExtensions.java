package io.kanana.data;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.data.dedup.DuplicateParagraphs;
import io.kanana.data.dedup.DuplicateSpans;
import io.kanana.data.dedup.ExactDuplicates;
import io.kanana.data.dedup.NearDuplicates;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.FilesConfig;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.miniature.MiniatureWeb;
import java.util.List;

/** The open parts of this module that a configuration may choose by {@code type}. */
public final class DataExtensions implements ExtensionProvider {
  private static final String FILES =
      """
      format: auto
      text-field: text
      id-field: id
      split: none
      on-corrupt-file: stop
      max-record-bytes: 16777216
      """;

  private static final String MINIATURE_WEB =
      """
      documents: 20000
      korean-share: 0.5
      seed: 1
      kinds: [encyclopedia, questions, dialogue, arithmetic, story, guide, letter, parallel]
      """;

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
            DocumentSource.Config.class,
            "files",
            FilesConfig.class,
            "JSON lines or text files, plain, gzip or zstd: a file, a directory or a glob.",
            FILES),
        new Extension<>(
            DocumentSource.Config.class,
            "miniature-web",
            MiniatureWeb.Config.class,
            "A generated Korean and English web over one small world; needs no file.",
            MINIATURE_WEB),
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
