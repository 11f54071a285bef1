package io.kanana.data.filter.run;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.Stopped;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentLines;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.document.FilesConfig;
import io.kanana.data.filter.stats.CascadeStats;
import io.kanana.data.filter.stats.Samples;
import io.kanana.data.filter.stats.StepStats;
import io.kanana.data.parquet.TableColumns;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes the artefacts of a run from its finished shards: {@code kept} and {@code dropped}. Files
 * are cut anew, so that they do not depend on the shards.
 */
final class Assembly {
  /** The directory of the documents that went through all steps; the last to appear. */
  static final String KEPT = "kept";

  /** The directory of the others. */
  static final String DROPPED = "dropped";

  private static final int LEVEL = 3;

  private final FilterConfig config;
  private final JobContext context;
  private final List<String> names;
  private final StageRun.Finished finished;
  private final WorkDirectory work;

  Assembly(
      FilterConfig config, JobContext context, List<String> names, StageRun.Finished finished) {
    this.config = config;
    this.context = context;
    this.names = names;
    this.finished = finished;
    this.work = WorkDirectory.of(context.output());
  }

  /**
   * @throws Stopped where the run was asked to stop
   */
  void run() {
    MergeTree<CascadeStats> stats = new MergeTree<>(CascadeStats::merge);
    MergeTree<Samples> samples = new MergeTree<>(Samples::merge);
    for (Stage stage : finished.stages()) {
      for (int shard = 0; shard < finished.input().shards(); shard++) {
        ShardReport report = ShardReport.read(work.shard(stage, shard));
        stats.add(report.stats());
        samples.add(report.samples());
      }
    }
    write(
        complete(stats.total(CascadeStats.none(names))),
        samples.total(Samples.none(names.size(), config.samples().perStep())));
  }

  private CascadeStats complete(CascadeStats stats) {
    List<StepStats> steps = new ArrayList<>(stats.steps());
    for (Stage stage : finished.decided()) {
      long nanoseconds = DecisionReport.read(work.decision(stage)).nanoseconds();
      steps.set(stage.first(), steps.get(stage.first()).plusNanoseconds(nanoseconds));
    }
    return new CascadeStats(
            stats.read(), stats.kept(), finished.input().rejected(), steps, stats.trace())
        .withLargest(config.fields().listed());
  }

  private void write(CascadeStats stats, Samples samples) {
    List<Artefact> parents = parents();
    List<String> ids = parents.stream().map(Artefact::id).toList();
    byte[] provenance = provenance(parents, stats).toJson();
    Path output = context.output();
    try (ArtefactWriter dropped =
            ArtefactWriter.create(output.resolve(DROPPED), "dropped-documents", ids);
        ArtefactWriter kept = ArtefactWriter.create(output.resolve(KEPT), "documents", ids)) {
      write(dropped, dropped());
      write(kept, List.of(new Part(finished.stages().getLast(), WorkDirectory.KEPT, "")));
      dropped.write(Provenance.FILE, provenance);
      kept.write(Provenance.FILE, provenance);
      kept.write(CascadeStats.FILE, ShardReport.json(stats));
      kept.write(Samples.FILE, ShardReport.json(samples));
      copyDecisions(kept);
      dropped.commit();
      kept.commit();
    } catch (IOException e) {
      throw new CheckpointException(
          output + ": the documents cannot be written (" + Reason.of(e) + "); free some place", e);
    }
  }

  /** A file of a name that another step has used takes the name of its step in front. */
  private void copyDecisions(ArtefactWriter kept) {
    Set<String> taken = new HashSet<>();
    for (Stage stage : finished.decided()) {
      for (Path file : DecisionReport.files(work.decision(stage))) {
        String name = file.getFileName().toString();
        kept.copy(taken.add(name) ? name : prefix(stage.first()) + name, file);
      }
    }
  }

  /** What files of a step begin with. */
  private String prefix(int step) {
    return String.format(Locale.ROOT, "%02d-%s.", step + 1, names.get(step));
  }

  /**
   * Documents that go into files of their own.
   *
   * @param name of the files of the shards, without extension
   * @param prefix of the files
   */
  private record Part(Stage stage, String name, String prefix) {}

  private List<Part> dropped() {
    List<Part> parts = new ArrayList<>();
    for (Stage stage : finished.stages()) {
      for (int step = stage.first(); step < stage.end(); step++) {
        parts.add(new Part(stage, WorkDirectory.dropped(step), prefix(step)));
      }
    }
    return parts;
  }

  private void write(ArtefactWriter artefact, List<Part> parts) throws IOException {
    boolean tables = config.write().format() == FilterConfig.Write.Format.PARQUET;
    TableColumns columns = tables ? columns(parts) : null;
    long bytes = config.shards().fileBytes();
    for (Part part : parts) {
      try (CutFiles files =
          tables
              ? new CutTables(artefact, part.prefix(), columns, bytes)
              : new CutLines(artefact, part.prefix(), bytes, LEVEL)) {
        each(part, files::append);
        files.finish();
      }
    }
  }

  /** Tables of one artefact have the same columns, and so are one table to other programs. */
  private TableColumns columns(List<Part> parts) throws IOException {
    TableColumns columns = new TableColumns(DocumentLines.texts());
    for (Part part : parts) {
      each(
          part,
          lines -> {
            DocumentStream documents = DocumentLines.read(lines, part.name());
            for (Document next = documents.next(); next != null; next = documents.next()) {
              columns.add(DocumentLines.fields(next));
            }
          });
    }
    if (columns.count() > TableColumns.MAX) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "the documents have %,d fields, and each would be a column, of which a table can have"
                  + " %,d; write lines instead, with --resume --set write.format=json-lines",
              columns.count(),
              TableColumns.MAX));
    }
    return columns;
  }

  private interface Lines {
    void take(InputStream lines) throws IOException;
  }

  private void each(Part part, Lines taker) throws IOException {
    for (int shard = 0; shard < finished.input().shards(); shard++) {
      if (context.cancellation().requested()) {
        throw new Stopped();
      }
      Optional<InputStream> lines =
          WorkDirectory.lines(work.shard(part.stage(), shard), part.name());
      if (lines.isPresent()) {
        try (InputStream in = lines.get()) {
          taker.take(in);
        }
      }
    }
  }

  /** The artefacts that sources read, where they are some. */
  private List<Artefact> parents() {
    List<Artefact> parents = new ArrayList<>();
    for (DocumentSource.Config source : config.data().documents()) {
      if (source instanceof FilesConfig files && Artefact.isArtefact(Path.of(files.path()))) {
        parents.add(Artefact.open(Path.of(files.path())));
      }
    }
    return parents;
  }

  private Provenance provenance(List<Artefact> parents, CascadeStats stats) {
    Instant now = context.clock().instant();
    double seconds = stats.steps().stream().mapToDouble(step -> step.seconds()).sum();
    String run = Provenance.runId(FilterJob.NAME, context.configYaml(), now);
    TreeMap<String, String> software = new TreeMap<>();
    software.put("java", System.getProperty("java.version"));
    return new Provenance(
        FilterJob.NAME,
        now,
        context.configYaml(),
        parents.stream()
            .map(parent -> new Provenance.Parent(parent.id(), parent.directory().toString()))
            .toList(),
        List.of(new StageCompute(run, FilterJob.NAME, 0, 0, 0, seconds)),
        List.of(),
        software);
  }
}
