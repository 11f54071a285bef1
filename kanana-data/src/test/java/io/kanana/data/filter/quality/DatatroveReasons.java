package io.kanana.data.filter.quality;

import java.util.Map;

/** What datatrove calls our reasons, by filter. */
final class DatatroveReasons {
  private static final Map<String, String> QUALITY =
      Map.ofEntries(
          Map.entry("gopher_short_doc", "too-few-words"),
          Map.entry("gopher_long_doc", "too-many-words"),
          Map.entry("gopher_below_avg_threshold", "words-too-short"),
          Map.entry("gopher_above_avg_threshold", "words-too-long"),
          Map.entry("gopher_too_many_hashes", "too-many-hashes"),
          Map.entry("gopher_too_many_ellipsis", "too-many-ellipses"),
          Map.entry("gopher_too_many_bullets", "too-many-bullet-lines"),
          Map.entry("gopher_too_many_end_ellipsis", "too-many-ellipsis-lines"),
          Map.entry("gopher_below_alpha_threshold", "too-few-alphabetic-words"),
          Map.entry("gopher_enough_stop_words", "too-few-stop-words"));

  private static final Map<String, String> REPETITION =
      Map.of(
          "empty", "empty",
          "dup_para_frac", "duplicate-paragraphs",
          "dup_para_char_frac", "duplicate-paragraph-characters",
          "dup_line_frac", "duplicate-lines",
          "dup_line_char_frac", "duplicate-line-characters");

  private static final Map<String, String> C4 =
      Map.of(
          "too_few_sentences", "too-few-sentences",
          "lorem_ipsum", "lorem-ipsum",
          "curly_bracket", "curly-bracket");

  private static final Map<String, String> FINEWEB =
      Map.of(
          "empty", "empty",
          "line_punct_ratio", "too-few-punctuated-lines",
          "short_line_ratio", "too-many-short-lines",
          "char_dup_ratio", "duplicate-line-characters",
          "list_ratio", "too-many-line-feeds");

  private DatatroveReasons() {}

  /** Ours for the reason that a filter of datatrove gave. */
  static String ours(String filter, String theirs) {
    String reason =
        switch (filter) {
          case "gopher_quality" -> QUALITY.get(theirs);
          case "gopher_repetition" ->
              theirs.matches("(top|duplicated)_\\d+_(n_grams|gram)")
                  ? theirs
                      .replace("duplicated", "duplicate")
                      .replace("n_grams", "grams")
                      .replace('_', '-')
                  : REPETITION.get(theirs);
          case "c4_default", "c4_fineweb" -> C4.get(theirs);
          case "fineweb_quality" -> FINEWEB.get(theirs);
          default -> null;
        };
    if (reason == null) {
      throw new AssertionError(filter + " has no reason " + theirs);
    }
    return reason;
  }
}
