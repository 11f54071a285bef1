package io.kanana.data.filter.run;

import io.kanana.data.filter.stats.Sample;
import java.util.List;
import java.util.PriorityQueue;

/** The samples with the least keys of those that were offered; for one thread. */
final class LeastSamples {
  private final int most;
  private final PriorityQueue<Sample> largestFirst = new PriorityQueue<>(Sample.ORDER.reversed());

  LeastSamples(int most) {
    this.most = most;
  }

  /** Whether a sample of this key may be among them, so that others need not be made. */
  boolean wants(long key) {
    return largestFirst.size() < most || (most > 0 && key <= largestFirst.element().key());
  }

  void offer(Sample sample) {
    largestFirst.add(sample);
    if (largestFirst.size() > most) {
      largestFirst.remove();
    }
  }

  List<Sample> sorted() {
    return largestFirst.stream().sorted(Sample.ORDER).toList();
  }
}
