package io.kanana.data.filter.run;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * Merges many values pair by pair: each goes into about log2 of their number of merges, where one
 * after the other would copy the growing sum for every value. The merge must be associative. For
 * one thread.
 */
public final class MergeTree<T> {
  private final BinaryOperator<T> merge;

  /** At each place null, or what 2 to the power of the place values came to. */
  private final List<T> sums = new ArrayList<>();

  public MergeTree(BinaryOperator<T> merge) {
    this.merge = merge;
  }

  /** Adds the next value. */
  public void add(T value) {
    T sum = value;
    int place = 0;
    while (place < sums.size() && sums.get(place) != null) {
      sum = merge.apply(sums.set(place, null), sum);
      place++;
    }
    if (place == sums.size()) {
      sums.add(sum);
    } else {
      sums.set(place, sum);
    }
  }

  /**
   * All values in their order.
   *
   * @param none what merging changes nothing
   */
  public T total(T none) {
    T total = none;
    for (T sum : sums) {
      total = sum == null ? total : merge.apply(sum, total);
    }
    return total;
  }
}
