package io.kanana.spark.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import scala.Tuple2;

/**
 * The rows of numbers that came to one part of a shuffle.
 *
 * @param width numbers of a row
 */
record Rows(int width, List<long[]> blocks) {
  /** Takes one row: {@code block[at]} and what follows. */
  @FunctionalInterface
  interface Each {
    void row(long[] block, int at);
  }

  static Rows of(int width, Iterator<Tuple2<Integer, long[]>> part) {
    List<long[]> blocks = new ArrayList<>();
    part.forEachRemaining(block -> blocks.add(block._2()));
    return new Rows(width, blocks);
  }

  void each(Each each) {
    for (long[] block : blocks) {
      for (int at = 0; at < block.length; at += width) {
        each.row(block, at);
      }
    }
  }

  /** Sends something on that is made of one row. */
  @FunctionalInterface
  interface Send {
    void row(long[] block, int at, Outbox out);
  }

  /** What is made of each row, on its way to the parts of the next shuffle. */
  Outbox sent(int parts, Send send) {
    Iterator<long[]> next = blocks.iterator();
    return new Outbox(
        parts,
        out -> {
          if (next.hasNext()) {
            new Rows(width, List.of(next.next())).each((block, at) -> send.row(block, at, out));
          }
          return next.hasNext();
        });
  }

  /** The rows of each of a task's shards, by the places that they begin with. */
  Map<Integer, Rows> byShard(Layout layout, int task) {
    int first = layout.first(task);
    Map<Integer, Rows> shards = new HashMap<>();
    sent(
            layout.first(task + 1) - first,
            (block, at, out) ->
                out.add(layout.shard(block[at]) - first, Arrays.copyOfRange(block, at, at + width)))
        .forEachRemaining(
            part ->
                shards
                    .computeIfAbsent(part._1() + first, _ -> new Rows(width, new ArrayList<>()))
                    .blocks
                    .add(part._2()));
    return shards;
  }
}
