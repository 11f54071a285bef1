package io.kanana.spark.engine;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.data.filter.ClusterFilter;
import io.kanana.data.filter.CorpusFilter;
import io.kanana.data.filter.RepetitionFilter;
import io.kanana.data.filter.TallyFilter;
import io.kanana.data.filter.run.FilterRun;
import io.kanana.data.filter.run.ShardReport;
import io.kanana.data.filter.run.SketchFiles;
import io.kanana.data.filter.run.Stage;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/** One stage that begins with a decision: the decision on the cluster, then the verdicts. */
final class LaterStage {
  /** A part of a shuffle by keys gets about so many, for which a task needs a gigabyte. */
  private static final long KEYS_OF_A_PART = 16_000_000;

  private final FilterRun run;
  private final Session session;
  private final Remote remote;
  private final Stage stage;
  private final String name;
  private final Layout layout;
  private final JavaRDD<Integer> tasks;
  private final Judging judging;

  /**
   * @param shards the names of all
   */
  LaterStage(FilterRun run, Session session, Remote remote, Stage stage, List<String> shards) {
    this.run = run;
    this.session = session;
    this.remote = remote;
    this.stage = stage;
    this.name = run.cascade().names().get(stage.first());
    this.layout = layout(shards);
    List<Integer> numbers = IntStream.range(0, layout.tasks()).boxed().toList();
    this.tasks = session.spark().parallelize(numbers, numbers.size());
    this.judging = new Judging(remote, layout, stage.number());
  }

  private Layout layout(List<String> shards) {
    Remote there = remote;
    int before = stage.number() - 1;
    JavaRDD<Long> documents =
        session
            .spark()
            .parallelize(shards, Math.min(shards.size(), Layout.MOST_TASKS))
            .map(shard -> ShardReport.read(there.work().shard(there.stage(before), shard)).kept());
    List<Long> counts = session.await(name + ": counting", documents::collect);
    return Layout.of(
        shards.toArray(String[]::new), counts.stream().mapToLong(count -> count).toArray());
  }

  void run() {
    long begin = System.nanoTime();
    switch (run.cascade().filter(stage)) {
      case TallyFilter _ -> tally(begin);
      case RepetitionFilter _ -> findRepetitions(begin);
      case ClusterFilter filter -> findClusters(filter, begin);
      case CorpusFilter filter -> decideHere(filter, begin);
    }
  }

  private void keep(long begin, Map<String, ArtefactWriter.Content> files) {
    run.keep(stage, System.nanoTime() - begin, files);
  }

  private void judge(JavaPairRDD<Integer, long[]> rows, Judging.Findings findings) {
    Judging there = judging;
    JavaRDD<Integer> done =
        rows.mapPartitionsWithIndex(
            (task, part) -> List.of(there.judge(task, part, findings)).iterator(), true);
    session.await(name, done::count);
  }

  /** Nothing that would come to the tasks. */
  private JavaPairRDD<Integer, long[]> nothing() {
    return tasks.mapToPair(task -> new Tuple2<>(task, new long[0]));
  }

  private void tally(long begin) {
    Judging there = judging;
    TallyFilter.Tally tally =
        session.await(
            name + ": counting", () -> tasks.map(there::tally).treeReduce(TallyFilter.Tally::plus));
    keep(begin, tally.files());
    judge(nothing(), (made, shard, _) -> made.own(shard));
  }

  private JavaPairRDD<Integer, long[]> answers() {
    Judging there = judging;
    long bytes =
        session.await(name + ": measuring", () -> tasks.map(there::sketchBytes).reduce(Long::sum));
    long parts = Math.max(layout.tasks(), bytes / (Long.BYTES * KEYS_OF_A_PART));
    return new FirstPlaces(remote, layout, stage.number(), (int) parts).answers(tasks);
  }

  /** Computes it, and keeps it for several uses. */
  private JavaPairRDD<Integer, long[]> made(JavaPairRDD<Integer, long[]> rows) {
    JavaPairRDD<Integer, long[]> kept = rows.persist(StorageLevel.MEMORY_AND_DISK());
    session.await(name + ": comparing documents", kept::count);
    return kept;
  }

  private void findRepetitions(long begin) {
    JavaPairRDD<Integer, long[]> answers = made(answers());
    keep(begin, Map.of());
    judge(answers, Judging::repetitions);
    answers.unpersist();
  }

  private void findClusters(ClusterFilter filter, long begin) {
    Judging there = judging;
    JavaPairRDD<Integer, long[]> edges =
        JavaPairRDD.fromJavaRDD(answers().mapPartitionsWithIndex(there::edges, true));
    JavaPairRDD<Integer, long[]> stars =
        new Components(layout.tasks())
            .stars(
                edges,
                session.spark().sc().longAccumulator(),
                (round, made) ->
                    session.await(name + ": joining clusters, round " + round, made::count));
    Memberships memberships = new Memberships(remote, layout, stage.number());
    JavaPairRDD<Integer, long[]> found = made(memberships.of(stars));
    stars.unpersist();
    List<Path> lines = IntStream.range(0, layout.tasks()).mapToObj(memberships::lines).toList();
    keep(begin, Map.of(filter.file(), out -> copy(lines, out)));
    judge(found, (made, _, rows) -> made.memberships(rows));
    found.unpersist();
  }

  private static void copy(List<Path> files, WritableByteChannel channel) throws IOException {
    OutputStream out = Channels.newOutputStream(channel);
    for (Path file : files) {
      if (Files.exists(file)) {
        Files.copy(file, out);
      }
    }
  }

  /** What can be decided in one place only is decided by the driver. */
  private void decideHere(CorpusFilter filter, long begin) {
    Stage before = run.cascade().stages().get(stage.number() - 1);
    List<Path> sources =
        Stream.of(layout.shards()).map(shard -> run.work().shard(before, shard)).toList();
    SketchFiles.join(sources, run.work().stage(before));
    HashMap<Long, byte[]> findings = new HashMap<>();
    try (Arena arena = Arena.ofShared()) {
      SketchFiles.Mapped sketches = SketchFiles.open(run.work().stage(before), arena);
      CorpusFilter.Decision decision =
          filter.decide(sketches, Runtime.getRuntime().availableProcessors());
      for (long place = 0; place < sketches.count(); place++) {
        byte[] finding = decision.finding(place);
        if (!Arrays.equals(finding, CorpusFilter.NOTHING)) {
          findings.put(place, finding);
        }
      }
      keep(begin, decision.files());
    }
    Broadcast<HashMap<Long, byte[]>> all = session.spark().broadcast(findings);
    judge(nothing(), (_, _, _) -> all.value());
    all.destroy();
  }
}
