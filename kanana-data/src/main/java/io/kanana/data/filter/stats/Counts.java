package io.kanana.data.filter.stats;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Maps of what was counted, key by key. */
final class Counts {
  private Counts() {}

  static <V> SortedMap<String, V> sum(
      SortedMap<String, V> first, SortedMap<String, V> second, BinaryOperator<V> plus) {
    SortedMap<String, V> sum = new TreeMap<>(first);
    second.forEach((key, value) -> sum.merge(key, value, plus));
    return sum;
  }

  static long total(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(count -> count).sum();
  }

  /** The keys of the largest values; of equal ones the first. */
  static <V> Set<String> largest(Map<String, V> counts, int most, ToLongFunction<V> size) {
    Comparator<Map.Entry<String, V>> bySize =
        Comparator.comparingLong(entry -> size.applyAsLong(entry.getValue()));
    return counts.entrySet().stream()
        .sorted(bySize.reversed().thenComparing(Map.Entry::getKey))
        .limit(most)
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** The same with what is not listed under {@link StepStats#OTHERS}. */
  static <V> SortedMap<String, V> only(
      Set<String> listed, Map<String, V> counts, BinaryOperator<V> plus) {
    SortedMap<String, V> gathered = new TreeMap<>();
    counts.forEach(
        (key, value) -> gathered.merge(listed.contains(key) ? key : StepStats.OTHERS, value, plus));
    return gathered;
  }
}
