package io.kanana.spark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.random.RandomKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyTableTest {
  @Test
  void agreesWithAMap() {
    RandomKey key = RandomKey.of(3);
    KeyTable least = new KeyTable();
    KeyTable first = new KeyTable();
    Map<List<Long>, Long> leastMap = new HashMap<>();
    Map<List<Long>, Long> firstMap = new HashMap<>();
    for (int i = 0; i < 50_000; i++) {
      long upper = key.below(3L * i, 3); // as bands, and keys that differ by it alone
      long lower = key.below(3L * i + 1, 9_000) - 4_500L;
      long place = key.below(3L * i + 2, 1_000_000);
      least.putLeast(upper, lower, place);
      leastMap.merge(List.of(upper, lower), place, Math::min);
      Long before = firstMap.putIfAbsent(List.of(upper, lower), place);
      assertThat(first.putIfAbsent(upper, lower, place))
          .isEqualTo(before == null ? KeyTable.NONE : before);
    }
    leastMap.forEach(
        (each, place) -> assertThat(least.get(each.getFirst(), each.getLast())).isEqualTo(place));
    assertThat(least.get(7, 7)).isEqualTo(KeyTable.NONE);
  }
}
