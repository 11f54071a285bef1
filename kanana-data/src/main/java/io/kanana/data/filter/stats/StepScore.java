package io.kanana.data.filter.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How well a step found the faults that it should find.
 *
 * @param step its name
 * @param expected documents with a fault of this step
 * @param found those of them that it dropped or changed
 * @param droppedElsewhere those of them that another step dropped
 * @param acted all documents that it dropped or changed
 * @param clean those of these without any fault
 */
public record StepScore(
    String step, long expected, long found, long droppedElsewhere, long acted, long clean) {
  /** The share of its faults that it found; NaN where there are none. */
  public double recall() {
    return expected == 0 ? Double.NaN : (double) found / expected;
  }

  /** The share of what it dropped or changed that it should; NaN where that is nothing. */
  public double precision() {
    return acted == 0 ? Double.NaN : (double) found / acted;
  }

  /**
   * The scores of all steps.
   *
   * @param steps their names in order
   * @param expected which step a label is a fault of; a label that is not listed is one of the step
   *     of its own name
   */
  public static List<StepScore> of(Trace trace, List<String> steps, Map<String, String> expected) {
    List<StepScore> scores = new ArrayList<>();
    for (String step : steps) {
      scores.add(of(trace, step, expected));
    }
    return scores;
  }

  private static StepScore of(Trace trace, String step, Map<String, String> labels) {
    long[] sums = new long[5];
    trace
        .ended()
        .forEach(
            (combination, ends) -> {
              long dropped = ends.getOrDefault(step, 0L);
              long acted = dropped + changed(trace, combination).getOrDefault(step, 0L);
              sums[3] += acted;
              if (concerns(combination, step, labels)) {
                sums[0] += Counts.total(ends);
                sums[1] += acted;
                sums[2] += elsewhere(ends, step);
              } else if (combination.equals(Trace.NO_LABEL)) {
                sums[4] += acted;
              }
            });
    return new StepScore(step, sums[0], sums[1], sums[2], sums[3], sums[4]);
  }

  private static SortedMap<String, Long> changed(Trace trace, String combination) {
    return trace.changed().getOrDefault(combination, new TreeMap<>());
  }

  private static long elsewhere(SortedMap<String, Long> ends, String step) {
    return ends.entrySet().stream()
        .filter(end -> !end.getKey().equals(step) && !end.getKey().equals(Trace.KEPT))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static boolean concerns(String combination, String step, Map<String, String> labels) {
    if (combination.equals(Trace.NO_LABEL)) {
      return false;
    }
    for (String label : combination.split(",", -1)) {
      if (labels.getOrDefault(label, label).equals(step)) {
        return true;
      }
    }
    return false;
  }
}
