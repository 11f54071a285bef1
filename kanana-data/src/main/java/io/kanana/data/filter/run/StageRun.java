package io.kanana.data.filter.run;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.Stopped;
import io.kanana.data.document.Corpus;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.document.QuarantineLog;
import io.kanana.data.filter.CorpusFilter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Takes the whole corpus through the stages, one after the other. For one thread. */
final class StageRun {
  /** What the sources gave. */
  record Input(int shards, SortedMap<String, Long> rejected) {
    Input {
      rejected = Collections.unmodifiableSortedMap(new TreeMap<>(rejected));
    }
  }

  /** All shards went through all stages. */
  record Finished(List<Stage> stages, Input input) {
    /** The stages that begin with a decision about all documents. */
    List<Stage> decided() {
      return stages.subList(1, stages.size());
    }
  }

  private final FilterConfig config;
  private final JobContext context;
  private final List<NamedStep> steps;
  private final Passage.Plan plan;
  private final LongSupplier nanoTime;
  private final WorkDirectory work;
  private final List<Stage> stages;

  StageRun(
      FilterConfig config,
      JobContext context,
      List<NamedStep> steps,
      Passage.Plan plan,
      LongSupplier nanoTime) {
    this.config = config;
    this.context = context;
    this.steps = steps;
    this.plan = plan;
    this.nanoTime = nanoTime;
    this.work = WorkDirectory.of(context.output());
    this.stages = Stage.of(steps);
  }

  /**
   * @throws Stopped where the run was asked to stop; what was finished stays
   */
  Finished run() {
    Input input = first(stages.getFirst());
    for (Stage stage : stages.subList(1, stages.size())) {
      later(stage, stages.get(stage.number() - 1), input.shards());
    }
    return new Finished(stages, input);
  }

  private Input first(Stage stage) {
    if (Files.exists(work.input())) {
      return ShardReport.read(work.input(), Input.class);
    }
    DocumentSource corpus =
        new Corpus(config.data().documents().stream().map(DocumentSource.Config::create).toList());
    try (QuarantineLog quarantine =
            new QuarantineLog(context.output().resolve("quarantine.jsonl"));
        DocumentStream documents = corpus.open(quarantine)) {
      int shards = read(stage, documents, quarantine);
      Input input = new Input(shards, new TreeMap<>(quarantine.counts()));
      WholeFile.write(work.input(), new String(ShardReport.json(input), StandardCharsets.UTF_8));
      return input;
    } catch (IOException e) {
      throw new CheckpointException(work.input() + ": cannot be written (" + Reason.of(e) + ")", e);
    }
  }

  private int read(Stage stage, DocumentStream documents, QuarantineLog quarantine) {
    int number = 0;
    try (ShardPool pool = pool(stage)) {
      ShardReader reader =
          new ShardReader(documents, config.shards().bytes(), quarantine, pool::stopped);
      ShardTask task = task(stage, posts(stage, null), pool);
      for (ShardReader.Shard shard = reader.next(); shard != null; shard = reader.next()) {
        Path target = work.shard(stage, number++);
        ShardReader.Shard taken = shard;
        pool.submit(
            () ->
                Files.exists(target)
                    ? same(target, taken)
                    : task.run(target, taken.stream(), 0, taken.fingerprint()));
      }
      pool.finish();
    }
    if (number == 0) {
      throw new DataException("every document is blank; data.documents must name some text");
    }
    return number;
  }

  private static ShardReport same(Path target, ShardReader.Shard shard) {
    ShardReport report = ShardReport.read(target);
    if (report.fingerprint() != shard.fingerprint()) {
      throw new ConfigException(
          "data.documents",
          "are not those that the run began with, so it cannot go on ("
              + target
              + " was made of others); put them back, or give another output");
    }
    return report;
  }

  private void later(Stage stage, Stage before, int shards) {
    if (allDone(stage, shards)) {
      return;
    }
    CorpusFilter filter = (CorpusFilter) steps.get(stage.first()).step();
    context.progress().status(steps.get(stage.first()).name() + ": comparing documents");
    List<Path> sources = new ArrayList<>();
    for (int i = 0; i < shards; i++) {
      sources.add(work.shard(before, i));
    }
    Path directory = work.shard(before, 0).getParent();
    SketchFiles.join(sources, directory);
    try (Arena arena = Arena.ofShared()) {
      SketchFiles.Mapped sketches = SketchFiles.open(directory, arena);
      long begin = nanoTime.getAsLong();
      CorpusFilter.Decision decision = filter.decide(sketches, config.compute().threadCount());
      report(stage, decision, nanoTime.getAsLong() - begin);
      judge(stage, posts(stage, decision), sources);
    }
  }

  /** Before any verdict, so that a run which has all of them has this, too. */
  private void report(Stage stage, CorpusFilter.Decision decision, long nanoseconds) {
    if (!Artefact.isArtefact(work.decision(stage))) {
      new DecisionReport(nanoseconds).write(work.decision(stage), decision);
    }
  }

  private boolean allDone(Stage stage, int shards) {
    for (int i = 0; i < shards; i++) {
      if (!work.isDone(stage, i)) {
        return false;
      }
    }
    return true;
  }

  private void judge(Stage stage, List<Passage.Post> posts, List<Path> sources) {
    try (ShardPool pool = pool(stage)) {
      ShardTask task = task(stage, posts, pool);
      long place = 0;
      for (int i = 0; i < sources.size(); i++) {
        Path source = sources.get(i);
        Path target = work.shard(stage, i);
        long first = place;
        pool.submit(
            () ->
                Files.exists(target)
                    ? ShardReport.read(target)
                    : read(task, source, target, first));
        place += ShardReport.read(source).kept();
      }
      pool.finish();
    }
  }

  private static ShardReport read(ShardTask task, Path source, Path target, long first) {
    try (DocumentStream documents = WorkDirectory.kept(source)) {
      return task.run(target, documents, first, 0);
    }
  }

  private ShardPool pool(Stage stage) {
    StageProgress progress = new StageProgress(context, stage, stages.size());
    return new ShardPool(
        config.compute().threadCount(), progress::shard, context.cancellation()::requested);
  }

  private ShardTask task(Stage stage, List<Passage.Post> posts, ShardPool pool) {
    boolean last = stage.end() == steps.size();
    return new ShardTask(
        plan,
        stage,
        last,
        posts,
        last ? null : (CorpusFilter) steps.get(stage.end()).step(),
        nanoTime,
        pool::stopped);
  }

  private List<Passage.Post> posts(Stage stage, CorpusFilter.Decision decision) {
    List<Passage.Post> posts = new ArrayList<>();
    for (int i = stage.first(); i < stage.end(); i++) {
      NamedStep step = steps.get(i);
      posts.add(new Passage.Post(i, step.name(), Judge.of(step, decision)));
    }
    return posts;
  }
}
