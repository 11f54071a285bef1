package io.kanana.data.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.random.RandomKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BestFitDecreasingTest {
  /** A bin that is looked at by hand. */
  private static final class Bin {
    final List<Integer> items = new ArrayList<>();
    int space;
    int filled;
  }

  /** The definition: every bin is looked at for every item. */
  private static List<List<Integer>> slow(int[] sizes, int capacity) {
    List<Integer> order =
        IntStream.range(0, sizes.length)
            .boxed()
            .sorted(Comparator.comparingInt((Integer i) -> -sizes[i]).thenComparing(i -> i))
            .toList();
    List<Bin> bins = new ArrayList<>();
    int now = 0;
    for (int item : order) {
      Bin best = null;
      for (Bin bin : bins) {
        boolean better =
            best == null
                || bin.space < best.space
                || (bin.space == best.space && bin.filled > best.filled);
        best = bin.space >= sizes[item] && better ? bin : best;
      }
      if (best == null) {
        best = new Bin();
        best.space = capacity;
        bins.add(best);
      }
      best.items.add(item);
      best.space -= sizes[item];
      best.filled = now++;
    }
    return bins.stream().map(bin -> bin.items.stream().sorted().toList()).toList();
  }

  private static List<List<Integer>> fast(int[] sizes, int capacity) {
    BestFitDecreasing packed = new BestFitDecreasing(sizes, capacity);
    int[] items = packed.byBin();
    int[] firsts = packed.firsts();
    return IntStream.range(0, packed.count())
        .mapToObj(bin -> IntStream.range(firsts[bin], firsts[bin + 1]))
        .map(places -> places.mapToObj(i -> items[i]).toList())
        .toList();
  }

  private static int[] sizes(long seed, int count, int largest) {
    RandomKey key = RandomKey.of(seed);
    return IntStream.range(0, count).map(i -> 1 + key.below(i, largest)).toArray();
  }

  @ParameterizedTest
  @CsvSource({
    "1,0,8,8",
    "2,1,8,8",
    "3,200,1,1",
    "4,300,8,8",
    "5,300,64,64",
    "6,300,9,64",
    "7,300,2,127",
    "8,400,500,512",
    "9,400,1000,1000",
    "10,400,33,32768"
  })
  void itPacksAsTheDefinitionDoes(long seed, int count, int largest, int capacity) {
    int[] sizes = sizes(seed, count, largest);
    List<List<Integer>> bins = fast(sizes, capacity);
    assertThat(bins).isEqualTo(slow(sizes, capacity));
    assertThat(bins.stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, count).boxed().toList());
    for (List<Integer> bin : bins) {
      assertThat(bin.stream().mapToInt(i -> sizes[i]).sum()).isBetween(1, capacity);
    }
  }

  @Test
  void whatFitsExactlyLeavesNothing() {
    // halves, thirds and sixths of 6
    int[] sizes = {1, 2, 3, 1, 2, 3, 3, 3, 6};
    assertThat(new BestFitDecreasing(sizes, 6).count()).isEqualTo(Arrays.stream(sizes).sum() / 6);
  }
}
