package io.kanana.data.filter.run;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import io.kanana.core.job.Stopped;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentLines;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.filter.CorpusFilter;
import io.kanana.data.filter.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Takes one shard through one stage and writes what becomes of it. Several run at once. */
public final class ShardTask {
  /** Work files are read once or twice and then removed. */
  private static final int FAST = 1;

  private final Passage.Plan plan;
  private final Stage stage;
  private final boolean last;
  private final List<Passage.Post> posts;
  private final CorpusFilter next;
  private final LongSupplier nanoTime;
  private final BooleanSupplier stopped;

  /**
   * @param plan what is the same for all shards
   * @param last whether documents leave the cascade with this stage
   * @param posts the stage's steps
   * @param next the filter whose sketches are made of what goes on; null in the last stage
   * @param nanoTime for the time that each step takes
   * @param stopped whether to break off
   */
  ShardTask(
      Passage.Plan plan,
      Stage stage,
      boolean last,
      List<Passage.Post> posts,
      CorpusFilter next,
      LongSupplier nanoTime,
      BooleanSupplier stopped) {
    this.plan = plan;
    this.stage = stage;
    this.last = last;
    this.posts = posts;
    this.next = next;
    this.nanoTime = nanoTime;
    this.stopped = stopped;
  }

  /**
   * @param target the artefact to make
   * @param documents of the shard
   * @param firstPlace of the first of them, in the order that the stage's corpus filter counts in
   * @param fingerprint of the documents; 0 but in the first stage
   * @throws Stopped where it broke off; there is no artefact then
   */
  public ShardReport run(Path target, DocumentStream documents, long firstPlace, long fingerprint) {
    Passage passage = new Passage(plan, posts, nanoTime);
    try (ArtefactWriter artefact = ArtefactWriter.create(target, WorkDirectory.KIND, List.of());
        OpenFiles open = new OpenFiles()) {
      Files files = new Files(artefact, open, next != null);
      long count = 0;
      for (Document next = documents.next(); next != null; next = documents.next()) {
        if (stopped.getAsBoolean()) {
          throw new Stopped();
        }
        write(passage.pass(firstPlace + count, next, stage.number() == 0, last), passage, files);
        count++;
      }
      files.finish();
      ShardReport report =
          new ShardReport(
              count,
              files.keptCount,
              fingerprint,
              files.lines(),
              passage.stats(),
              passage.samples());
      artefact.write(ShardReport.FILE, report.json());
      artefact.commit();
      return report;
    } catch (IOException e) {
      throw new CheckpointException(
          target + ": cannot be written (" + Reason.of(e) + "); free or name another place", e);
    }
  }

  private void write(Passage.Outcome outcome, Passage passage, Files files) throws IOException {
    switch (outcome) {
      case Passage.Outcome.Kept kept -> {
        files.keep(kept.document());
        if (next != null) {
          long begin = nanoTime.getAsLong();
          byte[] sketch = next.sketch(kept.document());
          passage.spend(stage.end(), nanoTime.getAsLong() - begin);
          files.sketches.add(sketch);
        }
      }
      case Passage.Outcome.Dropped dropped -> files.drop(dropped, plan.steps().get(dropped.step()));
    }
  }

  /** The files of a shard that are written side by side. */
  private static final class Files {
    private final ArtefactWriter artefact;
    private final OpenFiles open;
    private final LinesFile kept;
    private final SketchFiles.Writer sketches;
    private final Map<Integer, LinesFile> dropped = new TreeMap<>();
    private long keptCount;

    Files(ArtefactWriter artefact, OpenFiles open, boolean sketched) throws IOException {
      this.artefact = artefact;
      this.open = open;
      this.kept = open.add(new LinesFile(artefact, WorkDirectory.KEPT, FAST));
      this.sketches = sketched ? open.add(new SketchFiles.Writer(artefact)) : null;
    }

    void keep(Document document) throws IOException {
      kept.write(DocumentLines.line(document));
      keptCount++;
    }

    void drop(Passage.Outcome.Dropped drop, String step) throws IOException {
      LinesFile file = dropped.get(drop.step());
      if (file == null) {
        file = open.add(new LinesFile(artefact, WorkDirectory.dropped(drop.step()), FAST));
        dropped.put(drop.step(), file);
      }
      file.write(DocumentLines.line(drop.document(), Map.of("drop", why(step, drop.verdict()))));
    }

    private static Map<String, Object> why(String step, Verdict.Drop verdict) {
      Map<String, Object> why = new LinkedHashMap<>();
      why.put("step", step);
      why.put("reason", verdict.reason());
      why.put("value", verdict.measured());
      return why;
    }

    /** The bytes of the lines in each file that has some. */
    SortedMap<String, Long> lines() {
      SortedMap<String, Long> lines = new TreeMap<>();
      if (keptCount > 0) {
        lines.put(WorkDirectory.KEPT, kept.written());
      }
      dropped.forEach((step, file) -> lines.put(WorkDirectory.dropped(step), file.written()));
      return lines;
    }

    void finish() throws IOException {
      kept.finish();
      for (LinesFile file : dropped.values()) {
        file.finish();
      }
      if (sketches != null) {
        sketches.finish();
      }
    }
  }
}
