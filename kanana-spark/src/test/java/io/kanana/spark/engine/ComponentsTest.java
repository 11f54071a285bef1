package io.kanana.spark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.random.RandomKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

class ComponentsTest {
  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("components")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1"));
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  /** Which node each hangs below, but for the least ones. */
  private static Map<Long, Long> stars(List<long[]> edges) {
    List<Tuple2<Integer, long[]>> blocks = new ArrayList<>();
    edges.forEach(edge -> blocks.add(new Tuple2<>(0, edge)));
    JavaPairRDD<Integer, long[]> rows = spark.parallelizePairs(blocks, 3);
    Map<Long, Long> stars = new TreeMap<>();
    new Components(3)
        .stars(
            rows,
            spark.sc().longAccumulator(),
            (number, made) -> {
              assertThat(number).as("rounds").isLessThan(20);
              made.count();
            })
        .collect()
        .forEach(
            block -> {
              for (int at = 0; at < block._2().length; at += 2) {
                assertThat(stars.put(block._2()[at], block._2()[at + 1])).isNull();
              }
            });
    return stars;
  }

  /** Labels that spread until nothing changes. */
  private static Map<Long, Long> obvious(List<long[]> edges) {
    Map<Long, Long> least = new TreeMap<>();
    for (boolean changed = true; changed; ) {
      changed = false;
      for (long[] edge : edges) {
        long label =
            Math.min(least.getOrDefault(edge[0], edge[0]), least.getOrDefault(edge[1], edge[1]));
        for (long node : edge) {
          Long before = least.put(node, label);
          changed |= before == null || before != label;
        }
      }
    }
    least.entrySet().removeIf(entry -> entry.getKey().equals(entry.getValue()));
    return least;
  }

  @Test
  void agreesWithLabelsThatSpread() {
    for (int seed = 0; seed < 4; seed++) {
      RandomKey key = RandomKey.of(seed);
      List<long[]> edges = new ArrayList<>();
      for (int i = 0; i < 150 + 100 * seed; i++) {
        long a = key.below(2L * i, 400);
        long b = key.below(2L * i + 1, 400);
        if (a != b) {
          edges.add(new long[] {a, b});
        }
      }
      edges.addAll(edges.subList(0, 40)); // again
      assertThat(stars(edges)).as("seed %s", seed).isEqualTo(obvious(edges));
    }
  }

  /** The worst case for labels that spread step by step. */
  @Test
  void aChainTakesFewRounds() {
    List<long[]> edges = new ArrayList<>();
    for (long i = 0; i < 1000; i++) {
      edges.add(new long[] {(i * 617) % 1001, ((i + 1) * 617) % 1001});
    }
    assertThat(stars(edges)).hasSize(1000).containsOnlyKeys(obvious(edges).keySet());
  }

  @Test
  void noEdgeIsNoStar() {
    assertThat(stars(List.of())).isEmpty();
  }
}
