package io.kanana.pretrain.prune;

import io.kanana.core.checkpoint.TinyCheckpoint;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.ConfiguredJob;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Told;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/** A pruning job on a random model of some thousand weights, in a directory of its own. */
public record SmallPrune(Path directory) {
  private static final String CONFIG =
      """
      job: prune
      output: OUTPUT
      compute: {backend: cpu, threads: 1}
      model: PARENT
      data:
        documents: [{type: miniature-web, documents: 40}]
        held-out-share: 0.2
        context-length: 24
      calibration: {windows: 12, micro-batch: 3, save-every: 2}
      strategy: {type: target-shape, heads: 2, ffn-size: 32, hidden-size: 24}
      evaluate: {windows: 4}
      """;

  static SmallPrune in(Path directory) throws IOException {
    TinyCheckpoint.write(directory.resolve("parent"));
    return new SmallPrune(directory);
  }

  Path output() {
    return directory.resolve("out");
  }

  Path file(String name) {
    return output().resolve(name);
  }

  ConfiguredJob<?> configured(String... assignments) throws IOException {
    Path file = directory.resolve("prune.yaml");
    Path parent = directory.resolve("parent");
    Files.writeString(
        file, CONFIG.replace("OUTPUT", output().toString()).replace("PARENT", parent.toString()));
    return Jobs.load(SmallPrune.class.getClassLoader()).configure(file, List.of(assignments));
  }

  /** Runs it, or goes on; what it told. */
  List<String> run(String... assignments) throws IOException {
    return run(status -> {}, new Cancellation(), assignments);
  }

  List<String> run(Consumer<String> atStatus, Cancellation cancellation, String... assignments)
      throws IOException {
    Told progress = new Told(atStatus);
    configured(assignments).run(true, progress, Clock.systemUTC(), cancellation);
    return progress.lines();
  }
}
