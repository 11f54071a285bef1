package io.kanana.pretrain.upscale;

import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Told;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/**
 * An up-scaling job of a few steps.
 *
 * @param directory of the job's own
 * @param parent the model that is made deeper
 */
record SmallUpscale(Path directory, Path parent) {
  private static final String CONFIG =
      """
      job: upscale
      output: OUTPUT
      compute: {backend: cpu, threads: 1}
      model: PARENT
      layers: {ranges: [0-1, 0-1]}
      data:
        documents: [{type: miniature-web, documents: 40}]
        held-out-share: 0.2
        context-length: 16
      evaluate: {windows: 4}
      recovery:
        sequences-per-step: 4
        micro-batch: 2
        evaluate-every: {steps: 2}
        save-every: {steps: 1}
        optimizer: {learning-rate: 1e-2}
      """;

  Path file(String name) {
    return directory.resolve("out").resolve(name);
  }

  List<String> run(String... assignments) throws IOException {
    return run(line -> {}, new Cancellation(), assignments);
  }

  List<String> run(Consumer<String> atLine, Cancellation cancellation, String... assignments)
      throws IOException {
    Path file = Files.createDirectories(directory).resolve("upscale.yaml");
    Files.writeString(
        file,
        CONFIG
            .replace("OUTPUT", directory.resolve("out").toString())
            .replace("PARENT", parent.toString()));
    Told progress = Told.everythingTo(atLine);
    Jobs.load(SmallUpscale.class.getClassLoader())
        .configure(file, List.of(assignments))
        .run(true, progress, Clock.systemUTC(), cancellation);
    return progress.lines();
  }
}
