package io.kanana.data.filter.run;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.error.DataException;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.FilesConfig;
import io.kanana.data.filter.stats.CascadeStats;
import io.kanana.data.filter.stats.Samples;
import io.kanana.data.filter.stats.StepStats;
import io.kanana.data.parquet.TableColumns;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes the artefacts of a run from its finished shards: {@code kept} and {@code dropped}. Files
 * are cut anew, so that they do not depend on the shards.
 */
final class Assembly {
  /** The directory of the documents that went through all steps; the last to appear. */
  static final String KEPT = "kept";

  /** The directory of the others. */
  static final String DROPPED = "dropped";

  private final FilterRun run;
  private final Engine engine;
  private final Input input;

  Assembly(FilterRun run, Engine engine, Input input) {
    this.run = run;
    this.engine = engine;
    this.input = input;
  }

  /**
   * @throws io.kanana.core.job.Stopped where the run was asked to stop
   */
  void run() {
    Totals totals = engine.totals(input.shards());
    Stage last = run.cascade().stages().getLast();
    List<OutputFile> dropped = formed(dropped(totals));
    List<OutputFile> kept = formed(files(KEPT, "", last, WorkDirectory.KEPT, totals));
    engine.write(Stream.concat(dropped.stream(), kept.stream()).toList());
    write(dropped, kept, complete(totals.stats()), totals.samples());
  }

  private List<JoinedLines> dropped(Totals totals) {
    List<JoinedLines> files = new ArrayList<>();
    for (Stage stage : run.cascade().stages()) {
      for (int step = stage.first(); step < stage.end(); step++) {
        files.addAll(files(DROPPED, prefix(step), stage, WorkDirectory.dropped(step), totals));
      }
    }
    return files;
  }

  /** The files that the lines of one file of each shard make together. */
  private List<JoinedLines> files(
      String artefact, String prefix, Stage stage, String name, Totals totals) {
    Cuts cuts = new Cuts(run.config().shards().fileBytes());
    for (String shard : input.shards()) {
      Path source = run.work().shard(stage, shard).resolve(name + LinesFile.EXTENSION);
      cuts.add(source, totals.lines(stage, shard, name));
    }
    List<JoinedLines> files = new ArrayList<>();
    for (List<JoinedLines.Piece> pieces : cuts.files()) {
      String file = prefix + String.format(Locale.ROOT, "%05d", files.size());
      Path target = run.work().part(artefact, file + format().extension());
      files.add(new JoinedLines(target.toString(), file, pieces));
    }
    return files;
  }

  private FilterConfig.Write.Format format() {
    return run.config().write().format();
  }

  /** The files of one artefact in the format that was asked for. */
  private List<OutputFile> formed(List<JoinedLines> files) {
    return switch (format()) {
      case JSON_LINES -> List.copyOf(files);
      case PARQUET -> {
        TableColumns columns = columns(files);
        yield files.stream().<OutputFile>map(file -> new JoinedTable(file, columns)).toList();
      }
    };
  }

  /** Tables of one artefact have the same columns, and so are one table to other programs. */
  private TableColumns columns(List<JoinedLines> files) {
    TableColumns columns = engine.columns(files);
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

  private CascadeStats complete(CascadeStats stats) {
    List<StepStats> steps = new ArrayList<>(stats.steps());
    for (Stage stage : decided()) {
      long nanoseconds = DecisionReport.read(run.work().decision(stage)).nanoseconds();
      steps.set(stage.first(), steps.get(stage.first()).plusNanoseconds(nanoseconds));
    }
    return new CascadeStats(stats.read(), stats.kept(), input.rejected(), steps, stats.trace())
        .withLargest(run.config().fields().listed());
  }

  /** The stages that begin with a decision about all documents. */
  private List<Stage> decided() {
    List<Stage> stages = run.cascade().stages();
    return stages.subList(1, stages.size());
  }

  private void write(
      List<OutputFile> droppedFiles,
      List<OutputFile> keptFiles,
      CascadeStats stats,
      Samples samples) {
    List<Artefact> parents = parents();
    List<String> ids = parents.stream().map(Artefact::id).toList();
    byte[] provenance = provenance(parents, stats).toJson();
    Path output = run.context().output();
    try (ArtefactWriter dropped =
            ArtefactWriter.create(output.resolve(DROPPED), "dropped-documents", ids);
        ArtefactWriter kept = ArtefactWriter.create(output.resolve(KEPT), "documents", ids)) {
      droppedFiles.forEach(file -> dropped.adopt(Artefact.open(Path.of(file.target()))));
      keptFiles.forEach(file -> kept.adopt(Artefact.open(Path.of(file.target()))));
      dropped.write(Provenance.FILE, provenance);
      kept.write(Provenance.FILE, provenance);
      kept.write(CascadeStats.FILE, ShardReport.json(stats));
      kept.write(Samples.FILE, ShardReport.json(samples));
      copyDecisions(kept);
      dropped.commit();
      kept.commit();
    }
  }

  /** A file of a name that another step has used takes the name of its step in front. */
  private void copyDecisions(ArtefactWriter kept) {
    Set<String> taken = new HashSet<>();
    for (Stage stage : decided()) {
      for (Path file : DecisionReport.files(run.work().decision(stage))) {
        String name = file.getFileName().toString();
        kept.copy(taken.add(name) ? name : prefix(stage.first()) + name, file);
      }
    }
  }

  /** What files of a step begin with. */
  private String prefix(int step) {
    return String.format(Locale.ROOT, "%02d-%s.", step + 1, run.cascade().names().get(step));
  }

  /** The artefacts that sources read, where they are some. */
  private List<Artefact> parents() {
    List<Artefact> parents = new ArrayList<>();
    for (DocumentSource.Config source : run.config().data().documents()) {
      if (source instanceof FilesConfig files && Artefact.isArtefact(Path.of(files.path()))) {
        parents.add(Artefact.open(Path.of(files.path())));
      }
    }
    return parents;
  }

  private Provenance provenance(List<Artefact> parents, CascadeStats stats) {
    Instant now = run.context().clock().instant();
    double seconds = stats.steps().stream().mapToDouble(step -> step.seconds()).sum();
    String id = Provenance.runId(FilterJob.NAME, run.context().configYaml(), now);
    TreeMap<String, String> software = new TreeMap<>();
    software.put("java", System.getProperty("java.version"));
    return new Provenance(
        FilterJob.NAME,
        now,
        run.context().configYaml(),
        parents.stream()
            .map(parent -> new Provenance.Parent(parent.id(), parent.directory().toString()))
            .toList(),
        List.of(new StageCompute(id, FilterJob.NAME, 0, 0, 0, seconds)),
        List.of(),
        software);
  }
}
