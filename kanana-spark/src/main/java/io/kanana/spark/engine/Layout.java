package io.kanana.spark.engine;

import java.io.Serializable;

/**
 * How shards are spread over tasks: each task has some that follow one another.
 *
 * @param shards the names of all, in the corpus's order
 * @param starts the place of each one's first document, and the end
 * @param tasks at most as many as shards
 */
record Layout(String[] shards, long[] starts, int tasks) implements Serializable {
  /** More tasks would keep the driver busier than the machines. */
  static final int MOST_TASKS = 10_000;

  static Layout of(String[] shards, long[] documents) {
    long[] starts = new long[shards.length + 1];
    for (int i = 0; i < shards.length; i++) {
      starts[i + 1] = starts[i] + documents[i];
    }
    return new Layout(shards, starts, Math.min(shards.length, MOST_TASKS));
  }

  /** The first shard of a task; that of the next task is the end. */
  int first(int task) {
    return (int) ((long) task * shards.length / tasks);
  }

  /** The shard in which a document lies. */
  int shard(long place) {
    int low = 0;
    int high = shards.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (starts[middle + 1] <= place) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The task that has the shard in which a document lies. */
  int task(long place) {
    return (int) (((shard(place) + 1L) * tasks - 1) / shards.length);
  }
}
