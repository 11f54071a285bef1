package io.kanana.data.filter.stats;

import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of labelled documents. Keys are the labels of a document, sorted and joined by
 * commas; {@link #NO_LABEL} where it has none. Merging is associative and commutative.
 *
 * @param ended by labels and the step that dropped them, or {@link #KEPT}
 * @param changed by labels and a step that changed them
 */
public record Trace(
    SortedMap<String, SortedMap<String, Long>> ended,
    SortedMap<String, SortedMap<String, Long>> changed) {
  /** In the place of a step: the document went through all of them. */
  public static final String KEPT = "(kept)";

  /** In the place of labels: a document without a fault. */
  public static final String NO_LABEL = "(none)";

  public Trace {
    ended = Collections.unmodifiableSortedMap(new TreeMap<>(ended));
    changed = Collections.unmodifiableSortedMap(new TreeMap<>(changed));
  }

  /** That of no document. */
  public static Trace none() {
    return new Trace(new TreeMap<>(), new TreeMap<>());
  }

  /** That of both. */
  public Trace merge(Trace other) {
    return new Trace(sum(ended, other.ended), sum(changed, other.changed));
  }

  private static SortedMap<String, SortedMap<String, Long>> sum(
      SortedMap<String, SortedMap<String, Long>> first,
      SortedMap<String, SortedMap<String, Long>> second) {
    return Counts.sum(first, second, Trace::both);
  }

  private static SortedMap<String, Long> both(
      SortedMap<String, Long> first, SortedMap<String, Long> second) {
    return Counts.sum(first, second, Long::sum);
  }

  /**
   * The same with the labels of most documents, the rest under {@link StepStats#OTHERS}; documents
   * without labels stay apart.
   */
  public Trace withLargest(int most) {
    SortedMap<String, SortedMap<String, Long>> labelled = new TreeMap<>(ended);
    labelled.remove(NO_LABEL);
    Set<String> listed = Counts.largest(labelled, most, Counts::total);
    listed.add(NO_LABEL);
    return new Trace(
        Counts.only(listed, ended, Trace::both), Counts.only(listed, changed, Trace::both));
  }

  /** Whether any document had a label. */
  public boolean hasLabels() {
    return !labels().isEmpty();
  }

  /** How many documents have each label. */
  public SortedMap<String, Long> labels() {
    SortedMap<String, Long> labels = new TreeMap<>();
    ended.forEach(
        (combination, ends) -> {
          if (!combination.equals(NO_LABEL)) {
            long documents = Counts.total(ends);
            for (String label : combination.split(",", -1)) {
              labels.merge(label, documents, Long::sum);
            }
          }
        });
    return labels;
  }
}
