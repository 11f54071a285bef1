package io.kanana.pretrain.distill;

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
 * Jobs of a few steps.
 *
 * @param directory of the jobs' own; each writes below {@code out}
 */
record SmallJobs(Path directory) {
  private static final String DATA =
      """
      compute: {backend: cpu, threads: 1}
      data:
        documents: [{type: miniature-web, documents: 40}]
        held-out-share: 0.2
        context-length: 16
      """;
  private static final String DISTILL =
      """
      job: distill
      evaluate: {windows: 4}
      train:
        until: {steps: 6}
        sequences-per-step: 4
        micro-batch: 2
        evaluate-every: {steps: 2}
        save-every: {steps: 1}
        optimizer: {learning-rate: 1e-2}
      """
          + DATA;
  private static final String LOGITS =
      """
      job: teacher-logits
      sequences: 24
      micro-batch: 2
      sequences-per-part: 5
      top-k: 8
      stored-as: f32
      """
          + DATA;
  private static final String PRUNE =
      """
      job: prune
      importance: [{type: random}]
      strategy: {type: target-shape, ffn-size: 24}
      """;

  Path file(String name) {
    return directory.resolve("out").resolve(name);
  }

  List<String> distill(String... assignments) throws IOException {
    return run(DISTILL, _ -> {}, new Cancellation(), assignments);
  }

  List<String> distill(Consumer<String> atLine, Cancellation cancellation, String... assignments)
      throws IOException {
    return run(DISTILL, atLine, cancellation, assignments);
  }

  List<String> logits(String... assignments) throws IOException {
    return run(LOGITS, _ -> {}, new Cancellation(), assignments);
  }

  List<String> logits(Consumer<String> atLine, Cancellation cancellation, String... assignments)
      throws IOException {
    return run(LOGITS, atLine, cancellation, assignments);
  }

  /** A model with half of the neurons. */
  Path pruned(Path parent) throws IOException {
    run(PRUNE, _ -> {}, new Cancellation(), "model=" + parent);
    return file("model");
  }

  private List<String> run(
      String config, Consumer<String> atLine, Cancellation cancellation, String... assignments)
      throws IOException {
    Path file = Files.createDirectories(directory).resolve("job.yaml");
    Files.writeString(file, config + "output: " + directory.resolve("out") + "\n");
    Told progress = Told.everythingTo(atLine);
    Jobs.load(SmallJobs.class.getClassLoader())
        .configure(file, List.of(assignments))
        .run(true, progress, Clock.systemUTC(), cancellation);
    return progress.lines();
  }
}
