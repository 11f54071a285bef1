package io.kanana.data.filter.quality;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.data.filter.CascadeStep;
import java.util.List;

/** The steps of this package under the names that a configuration calls them by. */
public final class QualitySteps implements ExtensionProvider {
  /** What is the same in every language. */
  private static final String GOPHER_COMMON =
      """
      min-words: 50
      max-words: 100000
      max-hashes: 0.1
      max-ellipses: 0.1
      max-bullet-lines: 0.9
      max-ellipsis-lines: 0.3
      min-stop-words: 2
      """;

  private static final String GOPHER_QUALITY =
      GOPHER_COMMON
          + """
      words: english
      min-mean-word-length: 3
      max-mean-word-length: 10
      min-alphabetic-words: 0.8
      stop-words: [the, be, to, of, and, that, have, with]
      """;

  private static final String KOREAN_GOPHER_QUALITY =
      GOPHER_COMMON
          + """
      words: korean
      min-mean-word-length: 1
      max-mean-word-length: 6
      min-alphabetic-words: 0.791
      stop-words: [의, 다, 이, 는, 에, 을, 한, 년, 하, 은, 를, 했, 고, 에서, 가, 있, 으로, 인, 월, 로, 되]
      """;

  private static final String GOPHER_REPETITION =
      """
      words: english
      max-duplicate-lines: 0.3
      max-duplicate-paragraphs: 0.3
      max-duplicate-line-characters: 0.2
      max-duplicate-paragraph-characters: 0.2
      max-top-ngrams: [0.2, 0.18, 0.16]
      max-duplicate-ngrams: [0.15, 0.14, 0.13, 0.12, 0.11, 0.1]
      """;

  private static final String KOREAN_GOPHER_REPETITION =
      """
      words: korean
      max-duplicate-lines: 0.374
      max-duplicate-paragraphs: 0
      max-duplicate-line-characters: 0
      max-duplicate-paragraph-characters: 0
      max-top-ngrams: [0.282, 0.228, 0.185]
      max-duplicate-ngrams: [0.201, 0.184, 0.168, 0.154, 0.14, 0.127]
      """;

  private static final String C4_DEFAULTS =
      """
      sentences: english
      min-sentences: 5
      min-words-per-line: 3
      max-word-length: 1000
      terminal-punctuation: true
      remove-citations: true
      lorem-ipsum: true
      javascript: true
      curly-bracket: true
      policy: true
      """;

  private static final String FINEWEB_QUALITY =
      """
      words: english
      min-punctuated-lines: 0.12
      short-line: 30
      max-short-lines: 0.67
      max-duplicate-line-characters: 0.01
      max-line-feeds: 0.3
      """;

  private static final String KOREAN_FINEWEB_QUALITY =
      """
      words: korean
      min-punctuated-lines: 0.062
      short-line: 30
      max-short-lines: 0
      max-duplicate-line-characters: 0.1
      max-line-feeds: 0.196
      """;

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        step(
            "gopher-quality",
            GopherQuality.Config.class,
            "Gopher: enough words of usual length, few symbols, some stop words.",
            GOPHER_QUALITY),
        step(
            "korean-gopher-quality",
            GopherQuality.Config.class,
            "Gopher's quality on Korean morphemes, with FineWeb-2's values.",
            KOREAN_GOPHER_QUALITY),
        step(
            "gopher-repetition",
            GopherRepetition.Config.class,
            "Gopher: no repeated lines, paragraphs or runs of words.",
            GOPHER_REPETITION),
        step(
            "korean-gopher-repetition",
            GopherRepetition.Config.class,
            "Gopher's repetition on Korean morphemes, with FineWeb-2's values.",
            KOREAN_GOPHER_REPETITION),
        step(
            "c4",
            C4.Config.class,
            "C4: removes lines that are no sentences; drops code, filler and what is too short.",
            C4_DEFAULTS),
        step(
            "korean-c4",
            C4.Config.class,
            "C4 with Korean sentences.",
            C4_DEFAULTS.replace("sentences: english", "sentences: korean")),
        step(
            "fineweb-quality",
            FineWebQuality.Config.class,
            "FineWeb: lines that end in punctuation, are not short and not repeated.",
            FINEWEB_QUALITY),
        step(
            "korean-fineweb-quality",
            FineWebQuality.Config.class,
            "FineWeb's quality on Korean morphemes, with FineWeb-2's values.",
            KOREAN_FINEWEB_QUALITY));
  }

  private static Extension<CascadeStep.Config> step(
      String name, Class<? extends CascadeStep.Config> config, String summary, String defaults) {
    return new Extension<>(CascadeStep.Config.class, name, config, summary, defaults);
  }
}
