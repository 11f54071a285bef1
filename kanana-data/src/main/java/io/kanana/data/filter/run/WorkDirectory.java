package io.kanana.data.filter.run;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.data.document.DocumentLines;
import io.kanana.data.document.DocumentStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a run keeps on disk until its end: an artefact for each shard of each stage, with the
 * documents that go on, those dropped at each step, sketches, and a report.
 */
public record WorkDirectory(Path path) {
  /** The kind of the artefacts. */
  static final String KIND = "filter-shard";

  /** The documents of a shard that go on, without extension. */
  static final String KEPT = "kept";

  /** That of a run's output. */
  static WorkDirectory of(Path output) {
    return new WorkDirectory(output.resolve("work"));
  }

  /** What a stage leaves: an artefact for each shard. */
  public Path stage(Stage stage) {
    return path.resolve("stage-" + stage.number());
  }

  /** The artefact of one shard after one stage. */
  public Path shard(Stage stage, String name) {
    return stage(stage).resolve(name);
  }

  /** The artefact of what a stage's decision leaves beside its verdicts. */
  Path decision(Stage stage) {
    return stage(stage).resolve("decision");
  }

  /** The artefact of a file that is to become part of another artefact. */
  Path part(String artefact, String file) {
    return path.resolve(artefact).resolve(file);
  }

  /** What the source gave, once all of it was read and all shards of the first stage are there. */
  Path input() {
    return path.resolve("input.json");
  }

  /** Whether a shard went through a stage. */
  public boolean isDone(Stage stage, String shard) {
    return Artefact.isArtefact(shard(stage, shard));
  }

  /** The name of the file of the documents that were dropped at a step, without extension. */
  static String dropped(int step) {
    return String.format(Locale.ROOT, "dropped-%03d", step);
  }

  /** The documents of a shard that go on. */
  public static DocumentStream kept(Path shard) {
    try {
      InputStream lines = LinesFile.read(shard.resolve(KEPT + LinesFile.EXTENSION));
      return DocumentLines.read(new BufferedInputStream(lines, 1 << 16), shard.toString());
    } catch (IOException e) {
      throw new DataException(
          shard + ": has no documents (" + Reason.of(e) + "); remove it and run again", e);
    }
  }

  /** Removes everything. */
  void remove() {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> below = Files.walk(path)) {
      List<Path> deepestFirst = below.sorted(Comparator.reverseOrder()).toList();
      for (Path each : deepestFirst) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new DataException(path + ": cannot be removed (" + Reason.of(e) + ")", e);
    }
  }
}
