package io.kanana.data.filter.stats;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What all steps did. Merging is associative and commutative, so that shards may be added up in any
 * grouping.
 *
 * @param read what the sources gave
 * @param kept what went through all steps
 * @param rejected records that were no documents, by reason
 * @param steps in the order of the cascade
 * @param trace what became of labelled documents
 */
public record CascadeStats(
    Volume read,
    Volume kept,
    SortedMap<String, Long> rejected,
    List<StepStats> steps,
    Trace trace) {
  /** The file in the artefact of the kept documents. */
  public static final String FILE = "stats.json";

  public CascadeStats {
    rejected = Collections.unmodifiableSortedMap(new TreeMap<>(rejected));
    steps = List.copyOf(steps);
  }

  /** Those of steps that saw nothing. */
  public static CascadeStats none(List<String> steps) {
    return new CascadeStats(
        Volume.NONE,
        Volume.NONE,
        new TreeMap<>(),
        steps.stream().map(StepStats::none).toList(),
        Trace.none());
  }

  /** What the steps did to both; the steps must be the same. */
  public CascadeStats merge(CascadeStats other) {
    if (steps.size() != other.steps.size()) {
      throw new IllegalArgumentException(
          "statistics of " + steps.size() + " and of " + other.steps.size() + " steps");
    }
    List<StepStats> merged = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      merged.add(steps.get(i).merge(other.steps.get(i)));
    }
    return new CascadeStats(
        read.plus(other.read),
        kept.plus(other.kept),
        Counts.sum(rejected, other.rejected, Long::sum),
        merged,
        trace.merge(other.trace));
  }

  /**
   * The same with the domains, languages and labels of most documents, so many of each; the rest is
   * summed up under {@link StepStats#OTHERS}.
   */
  public CascadeStats withLargest(int most) {
    return new CascadeStats(
        read,
        kept,
        rejected,
        steps.stream().map(step -> step.withLargest(most)).toList(),
        trace.withLargest(most));
  }

  /** The names of the steps. */
  public List<String> stepNames() {
    return steps.stream().map(StepStats::step).toList();
  }
}
