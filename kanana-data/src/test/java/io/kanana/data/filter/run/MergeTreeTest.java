package io.kanana.data.filter.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MergeTreeTest {
  /** Joins texts, which is associative and keeps their order, and counts what it copies. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 7, 8, 1000, 1025})
  void mergesAllInOrderAndCopiesEachFewTimes(int values) {
    AtomicLong copied = new AtomicLong();
    MergeTree<String> tree =
        new MergeTree<>(
            (first, second) -> {
              copied.addAndGet(first.length() + second.length());
              return first + second;
            });
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < values; i++) {
      String value = String.valueOf((char) ('a' + i % 26));
      tree.add(value);
      all.append(value);
    }
    assertThat(tree.total("")).isEqualTo(all.toString());
    int log = Integer.SIZE - Integer.numberOfLeadingZeros(values);
    assertThat(copied.get()).isLessThanOrEqualTo((long) values * (log + 1));
  }
}
