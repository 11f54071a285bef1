package io.kanana.data.filter.stats;

import java.util.Comparator;

/**
 * A document to look at.
 *
 * @param key random, and the same for the same document in every run of the same seed
 * @param id the document
 * @param text its beginning, as it stood after the step, or before it where it was dropped
 * @param before the beginning of the text before a step that changed it, else null
 * @param reason why it was dropped, else null
 * @param value what was measured, a number or a text, else null
 */
public record Sample(long key, String id, String text, String before, String reason, Object value) {
  private static final Comparator<String> TEXT = Comparator.nullsFirst(Comparator.naturalOrder());

  /**
   * The order in which samples are preferred. It is total, so that of two that are told apart by
   * anything the same one is preferred, whichever comes first.
   */
  public static final Comparator<Sample> ORDER =
      Comparator.comparingLong(Sample::key)
          .thenComparing(Sample::id)
          .thenComparing(Sample::text)
          .thenComparing(Sample::before, TEXT)
          .thenComparing(Sample::reason, TEXT)
          .thenComparing(sample -> sample.value instanceof String)
          .thenComparing(sample -> String.valueOf(sample.value));
}
