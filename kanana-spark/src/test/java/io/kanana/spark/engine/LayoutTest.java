package io.kanana.spark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.random.RandomKey;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LayoutTest {
  /** Every document lies in one shard of one task, also where shards are empty. */
  @Test
  void everyPlaceHasItsShardAndTask() {
    for (int seed = 0; seed < 200; seed++) {
      RandomKey key = RandomKey.of(seed);
      int count = 1 + key.below(0, 40);
      long[] documents = IntStream.range(0, count).mapToLong(i -> key.below(i + 1L, 4)).toArray();
      String[] names = IntStream.range(0, count).mapToObj(Integer::toString).toArray(String[]::new);
      Layout all = Layout.of(names, documents);
      Layout few = new Layout(names, all.starts(), 1 + key.below(99, count));
      long place = 0;
      for (int task = 0; task < few.tasks(); task++) {
        assertThat(few.first(task + 1)).isGreaterThan(few.first(task));
        for (int shard = few.first(task); shard < few.first(task + 1); shard++) {
          for (int i = 0; i < documents[shard]; i++, place++) {
            assertThat(few.shard(place)).isEqualTo(shard);
            assertThat(few.task(place)).isEqualTo(task);
          }
        }
      }
      assertThat(place).isEqualTo(few.starts()[count]);
    }
  }
}
