package io.kanana.benchmarks;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How often each kernel was called at each shape, and how long that took. Not thread-safe. */
final class KernelTimes {
  /**
   * All calls of one kernel at one shape.
   *
   * @param detail the shapes, where they matter
   */
  record Row(String kernel, String detail, long calls, double seconds, double flops, double bytes) {
    private Row plus(double moreSeconds, Work work) {
      return new Row(
          kernel,
          detail,
          calls + 1,
          seconds + moreSeconds,
          flops + work.flops(),
          bytes + work.bytes());
    }
  }

  private record Key(String kernel, String detail) {}

  private final Map<Key, Row> rows = new HashMap<>();

  void add(String kernel, Work work, double seconds) {
    Row none = new Row(kernel, work.detail(), 0, 0, 0, 0);
    rows.merge(
        new Key(kernel, work.detail()),
        none.plus(seconds, work),
        (sum, one) -> sum.plus(seconds, work));
  }

  /** The slowest first. */
  List<Row> rows() {
    return rows.values().stream()
        .sorted(Comparator.comparingDouble(Row::seconds).reversed())
        .toList();
  }
}
