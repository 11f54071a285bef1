package io.kanana.spark.engine;

import java.util.Iterator;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/**
 * Connected components of a graph that no machine holds, by large stars and small stars in turn
 * (Kiveris, Lattanzi, Mirrokni, Rastogi and Vassilvitskii, Connected Components in MapReduce and
 * Beyond, SoCC 2014): each round hangs neighbours of a node below the least of them, until every
 * node hangs below the least one of its component. The outcome depends on the graph alone; about
 * log^2 of the number of nodes bounds the rounds, and a handful is usual.
 *
 * <p>Edges are rows of two nodes.
 *
 * @param parts of the shuffles by nodes
 */
record Components(int parts) {
  static final int EDGE = 2;

  /** Runs one round: that of a computation which is about to be waited for. */
  @FunctionalInterface
  interface Round {
    void run(int number, JavaPairRDD<Integer, long[]> edges);
  }

  /**
   * An edge from each node to the least one of its component, but for these themselves.
   *
   * @param edges in any parts, of different nodes, in any direction, several times or once
   * @param changes counts what a round changes
   */
  JavaPairRDD<Integer, long[]> stars(
      JavaPairRDD<Integer, long[]> edges, LongAccumulator changes, Round round) {
    JavaPairRDD<Integer, long[]> before = edges;
    for (int number = 1; ; number++) {
      changes.reset();
      JavaPairRDD<Integer, long[]> after =
          smallStars(largeStars(before, changes), changes).persist(StorageLevel.MEMORY_AND_DISK());
      round.run(number, after);
      before.unpersist();
      if (changes.value() == 0) {
        return after;
      }
      before = after;
    }
  }

  private JavaPairRDD<Integer, long[]> largeStars(
      JavaPairRDD<Integer, long[]> edges, LongAccumulator changes) {
    int all = parts;
    return edges
        .mapPartitionsToPair(part -> bothWays(part, all))
        .partitionBy(new Numbered(all))
        .mapPartitionsToPair(part -> large(part, all, changes));
  }

  private JavaPairRDD<Integer, long[]> smallStars(
      JavaPairRDD<Integer, long[]> edges, LongAccumulator changes) {
    int all = parts;
    return edges
        .partitionBy(new Numbered(all))
        .mapPartitionsToPair(part -> small(part, all, changes));
  }

  private static int part(long node, int parts) {
    return (int) Long.remainderUnsigned(KeyTable.hash(0, node) & 0xFFFFFFFFL, parts);
  }

  private static Iterator<Tuple2<Integer, long[]>> bothWays(
      Iterator<Tuple2<Integer, long[]>> part, int parts) {
    return Rows.of(EDGE, part)
        .sent(
            parts,
            (row, at, out) -> {
              out.add(part(row[at], parts), row[at], row[at + 1]);
              out.add(part(row[at + 1], parts), row[at + 1], row[at]);
            });
  }

  /** Larger neighbours of a node go below the least of its neighbours and itself. */
  private static Iterator<Tuple2<Integer, long[]>> large(
      Iterator<Tuple2<Integer, long[]>> part, int parts, LongAccumulator changes) {
    Rows edges = Rows.of(EDGE, part);
    KeyTable least = least(edges);
    KeyTable seen = new KeyTable();
    return edges.sent(
        parts,
        (row, at, out) -> {
          long node = row[at];
          long other = row[at + 1];
          if (other > node && seen.putIfAbsent(node, other, 0) == KeyTable.NONE) {
            long to = Math.min(node, least.get(0, node));
            changes.add(to == node ? 0 : 1);
            out.add(part(other, parts), other, to);
          }
        });
  }

  /** A node and its smaller neighbours go below the least of them. */
  private static Iterator<Tuple2<Integer, long[]>> small(
      Iterator<Tuple2<Integer, long[]>> part, int parts, LongAccumulator changes) {
    Rows edges = Rows.of(EDGE, part);
    KeyTable least = least(edges);
    KeyTable seen = new KeyTable();
    return edges.sent(
        parts,
        (row, at, out) -> {
          long node = row[at];
          long other = row[at + 1];
          if (seen.putIfAbsent(node, other, 0) == KeyTable.NONE) {
            long to = least.get(0, node);
            long moved = other == to ? node : other;
            changes.add(other == to ? 0 : 1);
            out.add(part(moved, parts), moved, to);
          }
        });
  }

  private static KeyTable least(Rows edges) {
    KeyTable least = new KeyTable();
    edges.each((row, at) -> least.putLeast(0, row[at], row[at + 1]));
    return least;
  }
}
