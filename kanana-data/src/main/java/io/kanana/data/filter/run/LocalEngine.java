package io.kanana.data.filter.run;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.config.Check;
import io.kanana.core.job.JobPlan;
import io.kanana.data.document.Corpus;
import io.kanana.data.document.DocumentLines;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.document.QuarantineLog;
import io.kanana.data.filter.CorpusFilter;
import io.kanana.data.parquet.TableColumns;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * The threads of this process. One reads the sources, in their order; each of the others takes
 * whole shards.
 */
public final class LocalEngine implements Engine {
  /**
   * How many threads.
   *
   * @param threads where it is absent, one for each processor
   */
  public record Config(OptionalInt threads) implements Engine.Config {
    public Config {
      Check.that(threads.orElse(1) > 0, "threads", "must be at least 1, got %s", threads.orElse(0));
    }

    int threadCount() {
      return threads.orElseGet(() -> Runtime.getRuntime().availableProcessors());
    }

    @Override
    public LocalEngine create(FilterRun run) {
      return new LocalEngine(run, threadCount());
    }

    @Override
    public JobPlan plan(JobPlan plan, FilterConfig.Shards shards) {
      long bytes = shards.bytes() * (threadCount() + 3);
      return plan.with("threads", Integer.toString(threadCount()))
          .with(
              "text in memory",
              String.format(Locale.ROOT, "at most about %,d MiB", Math.max(1, bytes >> 20)));
    }
  }

  private final FilterRun run;
  private final int threads;

  LocalEngine(FilterRun run, int threads) {
    this.run = run;
    this.threads = threads;
  }

  @Override
  public Input first() {
    DocumentSource corpus =
        new Corpus(
            run.config().data().documents().stream().map(DocumentSource.Config::create).toList());
    try (QuarantineLog quarantine = new QuarantineLog(run.quarantine());
        DocumentStream documents = corpus.open(quarantine)) {
      List<String> shards = read(run.cascade().stages().getFirst(), documents, quarantine);
      return new Input(shards, new TreeMap<>(quarantine.counts()));
    }
  }

  private List<String> read(Stage stage, DocumentStream documents, QuarantineLog quarantine) {
    List<String> names = new ArrayList<>();
    try (ShardPool<ShardReport> pool = shardPool(stage)) {
      ShardReader reader =
          new ShardReader(documents, run.config().shards().bytes(), quarantine, pool::stopped);
      ShardTask task = run.cascade().task(stage, _ -> CorpusFilter.NOTHING, pool::stopped);
      for (ShardReader.Shard shard = reader.next(); shard != null; shard = reader.next()) {
        names.add(String.format(Locale.ROOT, "%07d", names.size()));
        Path target = run.work().shard(stage, names.getLast());
        ShardReader.Shard taken = shard;
        pool.submit(() -> Files.exists(target) ? taken.made(target) : taken.run(task, target));
      }
      pool.finish();
    }
    return names;
  }

  @Override
  public void later(Stage stage, List<String> shards) {
    Stage before = run.cascade().stages().get(stage.number() - 1);
    List<Path> sources = shards.stream().map(name -> run.work().shard(before, name)).toList();
    SketchFiles.join(sources, run.work().stage(before));
    try (Arena arena = Arena.ofShared()) {
      SketchFiles.Mapped sketches = SketchFiles.open(run.work().stage(before), arena);
      long begin = run.cascade().nanoTime();
      CorpusFilter.Decision decision = run.cascade().filter(stage).decide(sketches, threads);
      run.keep(stage, run.cascade().nanoTime() - begin, decision.files());
      judge(stage, decision::finding, sources);
    }
  }

  private void judge(Stage stage, LongFunction<byte[]> findings, List<Path> sources) {
    try (ShardPool<ShardReport> pool = shardPool(stage)) {
      ShardTask task = run.cascade().task(stage, findings, pool::stopped);
      long place = 0;
      for (Path source : sources) {
        Path target = run.work().shard(stage, source.getFileName().toString());
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

  @Override
  public Totals totals(List<String> shards) {
    MergeTree<Totals> totals = new MergeTree<>(Totals::plus);
    for (Stage stage : run.cascade().stages()) {
      for (String shard : shards) {
        totals.add(Totals.of(run.work(), stage, shard));
      }
    }
    return totals.total(Totals.none(run.cascade()));
  }

  @Override
  public TableColumns columns(List<JoinedLines> files) {
    TableColumns columns = new TableColumns(DocumentLines.texts());
    try (ShardPool<TableColumns> pool = pool(columns::add)) {
      files.forEach(file -> pool.submit(() -> file.columns(pool::stopped)));
      pool.finish();
    }
    return columns;
  }

  @Override
  public void write(List<OutputFile> files) {
    try (ShardPool<Artefact> pool = pool(_ -> {})) {
      for (OutputFile file : files) {
        Path target = Path.of(file.target());
        pool.submit(
            () ->
                Artefact.isArtefact(target)
                    ? Artefact.open(target)
                    : file.write(target, pool::stopped));
      }
      pool.finish();
    }
  }

  private ShardPool<ShardReport> shardPool(Stage stage) {
    return pool(new StageProgress(run.context(), stage, run.cascade().stages().size())::shard);
  }

  private <T> ShardPool<T> pool(Consumer<T> done) {
    return new ShardPool<>(threads, done, run.context().cancellation()::requested);
  }

  @Override
  public void close() {
    // each pool ended with its work
  }
}
