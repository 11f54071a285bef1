package io.kanana.spark.engine;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import io.kanana.data.document.Corpus;
import io.kanana.data.document.DocumentLines;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.filter.run.Engine;
import io.kanana.data.filter.run.FilterRun;
import io.kanana.data.filter.run.Input;
import io.kanana.data.filter.run.JoinedLines;
import io.kanana.data.filter.run.MergeTree;
import io.kanana.data.filter.run.OutputFile;
import io.kanana.data.filter.run.Stage;
import io.kanana.data.filter.run.Totals;
import io.kanana.data.parquet.TableColumns;
import io.kanana.spark.SparkCompute;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;

/**
 * The stages of a run as jobs of Spark. The work directory lies on a file system that every machine
 * sees; what goes through Spark itself are names, keys, places and counts.
 */
public final class SparkEngine implements Engine {
  private final FilterRun run;
  private final ClassLoader before;
  private final Session session;
  private final Remote remote;

  /** Starts Spark, or connects with the cluster. */
  public SparkEngine(FilterRun run, SparkCompute compute) {
    SparkConf conf = Settings.of(run, compute);
    if (!Settings.isLocal(conf)) {
      SharedPaths.check(run.context().configYaml());
    }
    this.run = run;
    this.before = Thread.currentThread().getContextClassLoader();
    run.context().progress().status("starting Spark");
    this.session = started(conf, run, before);
    String application = session.spark().sc().applicationId();
    this.remote = new Remote(application, run.context().configYaml(), run.work().path().toString());
    Machine.keep(application, run.cascade());
  }

  /** Spark looks for classes where the thread does that starts it. */
  private static Session started(SparkConf conf, FilterRun run, ClassLoader before) {
    Thread.currentThread().setContextClassLoader(SparkEngine.class.getClassLoader());
    try {
      return new Session(conf, run.context());
    } catch (RuntimeException e) {
      Thread.currentThread().setContextClassLoader(before);
      throw e;
    }
  }

  private static int slices(int elements) {
    return Math.min(elements, Layout.MOST_TASKS);
  }

  @Override
  public Input first() {
    List<Part> parts = new ArrayList<>();
    for (DocumentSource.Config source : run.config().data().documents()) {
      source.parts().forEach(part -> parts.add(new Part(parts.size(), part)));
    }
    Remote there = remote;
    JavaRDD<PartReport> reports =
        session.spark().parallelize(parts, slices(parts.size())).map(part -> part.read(there));
    List<String> shards = new ArrayList<>();
    SortedMap<String, Long> rejected = new TreeMap<>();
    for (PartReport report : session.await(name(0), reports::collect)) {
      shards.addAll(report.shards());
      report.rejected().forEach((reason, count) -> rejected.merge(reason, count, Long::sum));
    }
    gather(parts.stream().map(part -> part.quarantine(remote)).toList(), run.quarantine());
    if (shards.isEmpty()) {
      explainNothing();
    }
    return new Input(shards, rejected);
  }

  /** Puts files one after the other into a new one. */
  private static void gather(List<Path> files, Path target) {
    try (OutputStream out = Files.newOutputStream(target)) {
      for (Path file : files) {
        Files.copy(file, out);
      }
    } catch (IOException e) {
      throw new CheckpointException(target + ": cannot be written (" + Reason.of(e) + ")", e);
    }
  }

  /** Reads the nothing that is there once more, for what is said about it. */
  private void explainNothing() {
    List<DocumentSource> sources =
        run.config().data().documents().stream().map(DocumentSource.Config::create).toList();
    try (DocumentStream documents = new Corpus(sources).open(_ -> {})) {
      documents.next();
    }
  }

  private String name(int stage) {
    return "stage " + (stage + 1) + " of " + run.cascade().stages().size();
  }

  @Override
  public void later(Stage stage, List<String> shards) {
    new LaterStage(run, session, remote, stage, shards).run();
  }

  /** One shard that went through one stage. */
  private record Report(int stage, String shard) implements Serializable {}

  @Override
  public Totals totals(List<String> shards) {
    List<Report> reports = new ArrayList<>();
    for (Stage stage : run.cascade().stages()) {
      shards.forEach(shard -> reports.add(new Report(stage.number(), shard)));
    }
    Remote there = remote;
    JavaRDD<byte[]> sums =
        session
            .spark()
            .parallelize(reports, slices(reports.size()))
            .mapPartitions(each -> List.of(sum(there, each)).iterator());
    byte[] total =
        session.await(
            "adding up",
            () -> sums.treeReduce((a, b) -> Totals.read(a).plus(Totals.read(b)).json()));
    return Totals.read(total);
  }

  private static byte[] sum(Remote run, Iterator<Report> reports) {
    MergeTree<Totals> sum = new MergeTree<>(Totals::plus);
    reports.forEachRemaining(
        each -> sum.add(Totals.of(run.work(), run.stage(each.stage), each.shard)));
    return sum.total(Totals.none(run.cascade())).json();
  }

  @Override
  public TableColumns columns(List<JoinedLines> files) {
    TableColumns columns = new TableColumns(DocumentLines.texts());
    if (!files.isEmpty()) {
      JavaRDD<TableColumns> parts =
          session
              .spark()
              .parallelize(files, slices(files.size()))
              .mapPartitions(each -> List.of(columns(each)).iterator());
      session.await("columns of tables", parts::collect).forEach(columns::add);
    }
    return columns;
  }

  private static TableColumns columns(Iterator<JoinedLines> files) {
    TableColumns columns = new TableColumns(DocumentLines.texts());
    files.forEachRemaining(file -> columns.add(file.columns(Remote.stopped())));
    return columns;
  }

  @Override
  public void write(List<OutputFile> files) {
    if (files.isEmpty()) {
      return;
    }
    JavaRDD<OutputFile> written =
        session.spark().parallelize(files, slices(files.size())).map(SparkEngine::written);
    session.await("writing documents", written::count);
  }

  private static OutputFile written(OutputFile file) {
    Attempt.artefact(Path.of(file.target()), own -> file.write(own, Remote.stopped()));
    return file;
  }

  @Override
  public void close() {
    session.close();
    Thread.currentThread().setContextClassLoader(before);
  }
}
