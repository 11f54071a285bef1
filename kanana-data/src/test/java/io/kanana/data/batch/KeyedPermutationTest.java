package io.kanana.data.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.random.RandomKey;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyedPermutationTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 7, 16, 17, 64, 100, 1000, 4097})
  void everyIndexComesOnce(long size) {
    KeyedPermutation permutation = new KeyedPermutation(RandomKey.of(size), size);
    assertThat(LongStream.range(0, size).map(permutation::at).sorted().toArray())
        .isEqualTo(LongStream.range(0, size).toArray());
  }

  @Test
  void indicesAreWellMixed() {
    int size = 10_000;
    KeyedPermutation one = new KeyedPermutation(RandomKey.of(1), size);
    KeyedPermutation other = new KeyedPermutation(RandomKey.of(2), size);
    double moved = 0;
    int same = 0;
    int successors = 0;
    for (int i = 0; i < size - 1; i++) {
      moved += Math.abs(one.at(i) - i);
      same += one.at(i) == other.at(i) ? 1 : 0;
      successors += one.at(i + 1) == one.at(i) + 1 ? 1 : 0;
    }
    // a random permutation moves by a third of the size, and agrees with another in one place
    assertThat(moved / size / size).isBetween(0.31, 0.36);
    assertThat(same).isLessThan(10);
    assertThat(successors).isLessThan(10);
  }

  @Test
  void hugeSizesTakeNoMemory() {
    KeyedPermutation permutation = new KeyedPermutation(RandomKey.of(1), Long.MAX_VALUE / 3);
    assertThat(permutation.at(12345)).isBetween(0L, Long.MAX_VALUE / 3);
    assertThatThrownBy(() -> permutation.at(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
