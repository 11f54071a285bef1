package io.kanana.data.filter.run;

import com.github.luben.zstd.ZstdInputStream;
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
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a run keeps on disk until its end: an artefact for each shard of each stage, with the
 * documents that go on, those dropped at each step, sketches, and a report.
 */
record WorkDirectory(Path path) {
  /** The kind of the artefacts. */
  static final String KIND = "filter-shard";

  /** The documents of a shard that go on, without extension. */
  static final String KEPT = "kept";

  static WorkDirectory of(Path output) {
    return new WorkDirectory(output.resolve("work"));
  }

  /** The artefact of one shard after one stage. */
  Path shard(Stage stage, int number) {
    return path.resolve("stage-" + stage.number())
        .resolve(String.format(Locale.ROOT, "%07d", number));
  }

  /** The artefact of what a stage's decision leaves beside its verdicts. */
  Path decision(Stage stage) {
    return path.resolve("stage-" + stage.number()).resolve("decision");
  }

  /** What the source gave, once all of it was read and all shards of the first stage are there. */
  Path input() {
    return path.resolve("input.json");
  }

  boolean isDone(Stage stage, int number) {
    return Artefact.isArtefact(shard(stage, number));
  }

  /** The name of the file of the documents that were dropped at a step, without extension. */
  static String dropped(int step) {
    return String.format(Locale.ROOT, "dropped-%03d", step);
  }

  /** The lines of a file of a shard; empty where there is no such file. */
  static Optional<InputStream> lines(Path shard, String name) {
    Path file = shard.resolve(name + LinesFile.EXTENSION);
    try {
      return Files.exists(file)
          ? Optional.of(
              new ZstdInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16)))
          : Optional.empty();
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + Reason.of(e) + ")", e);
    }
  }

  /** The documents of a shard that go on. */
  static DocumentStream kept(Path shard) {
    InputStream lines =
        lines(shard, KEPT)
            .orElseThrow(
                () -> new DataException(shard + ": has no documents; remove it and run again"));
    return DocumentLines.read(new BufferedInputStream(lines, 1 << 16), shard.toString());
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
