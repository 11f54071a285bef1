package io.kanana.spark.engine;

import io.kanana.data.document.DocumentStream;
import io.kanana.data.filter.ClusterFilter;
import io.kanana.data.filter.CorpusFilter;
import io.kanana.data.filter.RepetitionFilter;
import io.kanana.data.filter.TallyFilter;
import io.kanana.data.filter.run.ShardTask;
import io.kanana.data.filter.run.SketchFiles;
import io.kanana.data.filter.run.WorkDirectory;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import scala.Tuple2;

/**
 * What tasks do with the shards of a stage that begins with a decision. May be moved between
 * machines.
 *
 * @param stage its number
 */
record Judging(Remote run, Layout layout, int stage) implements Serializable {
  /** Numbers in a row of whatever comes to the documents; the first is a document's place. */
  static final int WIDTH = 4;

  /** What the documents of one shard have to know. */
  @FunctionalInterface
  interface Findings extends Serializable {
    /**
     * Findings by place; none for most.
     *
     * @param rows that came to the shard
     */
    Map<Long, byte[]> of(Judging judging, int shard, Rows rows);
  }

  /** Takes the shards of a task through the stage; returns how many they are. */
  int judge(int task, Iterator<Tuple2<Integer, long[]>> part, Findings findings) {
    Map<Integer, Rows> rows = Rows.of(WIDTH, part).byShard(layout, task);
    int first = layout.first(task);
    int end = layout.first(task + 1);
    for (int shard = first; shard < end; shard++) {
      judge(shard, rows.getOrDefault(shard, new Rows(WIDTH, List.of())), findings);
    }
    return end - first;
  }

  private void judge(int shard, Rows rows, Findings findings) {
    String name = layout.shards()[shard];
    Path source = run.work().shard(run.stage(stage - 1), name);
    Attempt.artefact(
        run.work().shard(run.stage(stage), name),
        own -> {
          Map<Long, byte[]> found = findings.of(this, shard, rows);
          ShardTask task =
              run.task(stage, place -> found.getOrDefault(place, CorpusFilter.NOTHING));
          try (DocumentStream documents = WorkDirectory.kept(source)) {
            task.run(own, documents, layout.starts()[shard], 0);
          }
        });
  }

  /** How many bytes the sketches of a task's shards have. */
  long sketchBytes(int task) {
    long[] bytes = new long[1];
    each(task, sketches -> bytes[0] += sketches.bytes().byteSize());
    return bytes[0];
  }

  /** What is counted of a task's shards. */
  TallyFilter.Tally tally(int task) {
    TallyFilter.Tally tally = ((TallyFilter) run.filter(stage)).tally();
    each(
        task,
        sketches -> {
          for (long i = 0; i < sketches.count(); i++) {
            tally.add(sketches.at(i));
          }
        });
    return tally;
  }

  private void each(int task, Consumer<SketchFiles.Mapped> use) {
    for (int shard = layout.first(task); shard < layout.first(task + 1); shard++) {
      try (Arena arena = Arena.ofConfined()) {
        use.accept(run.sketches(stage, layout.shards()[shard], arena));
      }
    }
  }

  /** An edge from each document of a task to each that had one of its keys first. */
  Iterator<Tuple2<Integer, long[]>> edges(int task, Iterator<Tuple2<Integer, long[]>> part) {
    Map<Integer, Rows> answers = Rows.of(WIDTH, part).byShard(layout, task);
    int[] shard = {layout.first(task)};
    return new Outbox(
        1,
        out -> {
          Rows rows = answers.getOrDefault(shard[0], new Rows(WIDTH, List.of()));
          ShardKeys.before(
              run,
              layout,
              stage,
              shard[0],
              rows,
              (place, before) ->
                  Arrays.stream(before)
                      .filter(other -> other != KeyTable.NONE && other != place)
                      .distinct()
                      .forEach(other -> out.add(0, place, other)));
          return ++shard[0] < layout.first(task + 1);
        });
  }

  /** What each document's own sketch says. */
  Map<Long, byte[]> own(int shard) {
    TallyFilter filter = (TallyFilter) run.filter(stage);
    Map<Long, byte[]> found = new HashMap<>();
    try (Arena arena = Arena.ofConfined()) {
      SketchFiles.Mapped sketches = run.sketches(stage, layout.shards()[shard], arena);
      for (long i = 0; i < sketches.count(); i++) {
        put(found, layout.starts()[shard] + i, filter.finding(sketches.at(i)));
      }
    }
    return found;
  }

  /** What stood before, by answers of {@link FirstPlaces}. */
  Map<Long, byte[]> repetitions(int shard, Rows answers) {
    RepetitionFilter filter = (RepetitionFilter) run.filter(stage);
    Map<Long, byte[]> found = new HashMap<>();
    ShardKeys.before(
        run,
        layout,
        stage,
        shard,
        answers,
        (place, before) -> {
          if (before.length > 0) {
            put(found, place, filter.finding(before));
          }
        });
    return found;
  }

  /** Which clusters there are, by rows of {@link Memberships}. */
  Map<Long, byte[]> memberships(Rows rows) {
    ClusterFilter filter = (ClusterFilter) run.filter(stage);
    Map<Long, byte[]> found = new HashMap<>();
    rows.each(
        (row, at) ->
            found.put(row[at], filter.finding(row[at + 1], (int) row[at + 2], row[at + 3] == 1)));
    return found;
  }

  private static void put(Map<Long, byte[]> found, long place, byte[] finding) {
    if (finding.length > 0) {
      found.put(place, finding);
    }
  }
}
