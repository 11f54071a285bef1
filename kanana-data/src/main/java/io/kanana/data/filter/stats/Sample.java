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
 * @param value what was measured, else null
 */
public record Sample(long key, String id, String text, String before, String reason, Object value) {
  /** The order in which samples are preferred. */
  public static final Comparator<Sample> ORDER =
      Comparator.comparingLong(Sample::key).thenComparing(Sample::id).thenComparing(Sample::text);
}
