package io.kanana.spark.engine;

import io.kanana.data.filter.KeyedFilter;
import io.kanana.data.filter.run.SketchFiles;
import java.lang.foreign.Arena;
import java.util.Arrays;

/** The keys of the documents of one shard, one document after the other. For one thread. */
final class ShardKeys {
  /** Takes the keys of one document: an upper and a lower word each, {@code count} of them. */
  @FunctionalInterface
  interface Each {
    void document(long place, long[] words, int count);
  }

  private long[] words = new long[64];
  private int used;

  private ShardKeys() {}

  /**
   * Passes all documents on.
   *
   * @param stage that the sketches were made for
   * @param shard its index
   */
  static void each(Remote run, Layout layout, int stage, int shard, Each each) {
    ShardKeys keys = new ShardKeys();
    KeyedFilter filter = (KeyedFilter) run.filter(stage);
    try (Arena arena = Arena.ofConfined()) {
      SketchFiles.Mapped sketches = run.sketches(stage, layout.shards()[shard], arena);
      for (long i = 0; i < sketches.count(); i++) {
        keys.used = 0;
        filter.keys(sketches.at(i), keys::add);
        each.document(layout.starts()[shard] + i, keys.words, keys.used / 2);
      }
    }
  }

  /**
   * Takes one document and where each of its keys stood before, as {@code RepetitionFilter} says.
   */
  @FunctionalInterface
  interface Before {
    void document(long place, long[] before);
  }

  /**
   * Says of all documents where their keys stood before.
   *
   * @param answers to the shard, of {@link FirstPlaces}
   */
  static void before(Remote run, Layout layout, int stage, int shard, Rows answers, Before each) {
    KeyTable known = new KeyTable();
    answers.each((row, at) -> known.putLeast(row[at + 1], row[at + 2], row[at + 3]));
    each(
        run,
        layout,
        stage,
        shard,
        (place, words, count) -> {
          long[] before = new long[count];
          for (int i = 0; i < count; i++) {
            before[i] = known.putIfAbsent(words[2 * i], words[2 * i + 1], place);
          }
          each.document(place, before);
        });
  }

  private void add(long upper, long lower) {
    if (used + 2 > words.length) {
      words = Arrays.copyOf(words, 2 * words.length);
    }
    words[used++] = upper;
    words[used++] = lower;
  }
}
