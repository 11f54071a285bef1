package io.kanana.spark.engine;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * Finds where keys stood first in the corpus. Each shard asks for each of its keys once, and what
 * has the same key meets in one part of a shuffle; an answer comes where a shard before had it. So
 * a key that stands everywhere, such as that of a common line, comes from each shard once.
 *
 * @param stage that begins with the decision
 * @param parts of the shuffle by keys
 */
record FirstPlaces(Remote run, Layout layout, int stage, int parts) implements Serializable {
  /** A question: the key, and the place where it stood first in the shard that asks. */
  private static final int QUESTION = 3;

  /**
   * The answers, in the tasks of the shards that asked: the place of the question, the key, and the
   * place where it stood first of all.
   *
   * @param tasks the numbers of the layout's tasks, one in each part
   */
  JavaPairRDD<Integer, long[]> answers(JavaRDD<Integer> tasks) {
    FirstPlaces self = this; // a record is moved to the machines, not what surrounds the call
    return tasks
        .mapPartitionsToPair(each -> self.ask(each.next()))
        .partitionBy(new Numbered(parts))
        .mapPartitionsToPair(self::answer)
        .partitionBy(new Numbered(layout.tasks()));
  }

  private Iterator<Tuple2<Integer, long[]>> ask(int task) {
    int[] next = {layout.first(task)};
    int end = layout.first(task + 1);
    return new Outbox(
        parts,
        out -> {
          ask(next[0], out);
          return ++next[0] < end;
        });
  }

  private void ask(int shard, Outbox out) {
    KeyTable seen = new KeyTable();
    ShardKeys.each(
        run,
        layout,
        stage,
        shard,
        (place, words, count) -> {
          for (int i = 0; i < 2 * count; i += 2) {
            if (seen.putIfAbsent(words[i], words[i + 1], place) == KeyTable.NONE) {
              out.add(part(words[i], words[i + 1]), words[i], words[i + 1], place);
            }
          }
        });
  }

  /** By other bits of the hash than a table takes. */
  private int part(long upper, long lower) {
    return (int) Long.remainderUnsigned(KeyTable.hash(upper, lower) & 0xFFFFFFFFL, parts);
  }

  private Iterator<Tuple2<Integer, long[]>> answer(Iterator<Tuple2<Integer, long[]>> part) {
    Rows questions = Rows.of(QUESTION, part);
    KeyTable first = new KeyTable();
    questions.each((row, at) -> first.putLeast(row[at], row[at + 1], row[at + 2]));
    return questions.sent(
        layout.tasks(),
        (row, at, out) -> {
          long place = first.get(row[at], row[at + 1]);
          if (place < row[at + 2]) {
            out.add(layout.task(row[at + 2]), row[at + 2], row[at], row[at + 1], place);
          }
        });
  }
}
