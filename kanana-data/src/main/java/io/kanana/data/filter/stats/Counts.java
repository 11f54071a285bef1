package io.kanana.data.filter.stats;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/** Sums of maps, key by key. */
final class Counts {
  private Counts() {}

  static <V> SortedMap<String, V> sum(
      SortedMap<String, V> first, SortedMap<String, V> second, BinaryOperator<V> plus) {
    SortedMap<String, V> sum = new TreeMap<>(first);
    second.forEach((key, value) -> sum.merge(key, value, plus));
    return sum;
  }
}
