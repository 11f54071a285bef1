package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.checkpoint.TinyCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A job that makes one model of another, in a working directory of its own. */
record ReshapeRun(Path directory) {
  private static final String PRUNE =
      """
      job: prune
      output: out
      compute: {backend: cpu, threads: 1}
      model: ../parent
      data:
        documents: [{type: miniature-web, documents: 60}]
        held-out-share: 0.2
        context-length: 16
      calibration: {windows: 120, micro-batch: 1, save-every: 1}
      importance:
        - {type: activations}
        - {type: layer-removal}
      strategy:
        type: budget
        budget: {parameters: 20_000}
        at-least: 0.3
        sizes: {layers: [1, 2], hidden-size: [16, 24], ffn-size: [24, 32, 48]}
      evaluate: {windows: 8}
      """;
  private static final String UPSCALE =
      """
      job: upscale
      output: out
      compute: {backend: cpu, threads: 1}
      model: ../parent
      layers: {ranges: [0-1, 0-1]}
      identity: true
      data:
        documents: [{type: miniature-web, documents: 60}]
        held-out-share: 0.2
        context-length: 16
      evaluate: {windows: 8}
      recovery:
        until: {steps: 40}
        sequences-per-step: 2
        micro-batch: 1
        save-every: {steps: 1}
        evaluate-every: {steps: 10}
      """;

  private static final String DISTILL =
      """
      job: distill
      output: out
      compute: {backend: cpu, threads: 1}
      model: ../parent
      teacher: {model: ../parent}
      data:
        documents: [{type: miniature-web, documents: 60}]
        held-out-share: 0.2
        context-length: 16
      loss: {cross-entropy: 0.5, top-k: 8}
      train:
        until: {steps: 40}
        sequences-per-step: 2
        micro-batch: 1
        save-every: {steps: 1}
        evaluate-every: {steps: 10}
      """;
  private static final String LOGITS =
      """
      job: teacher-logits
      output: out
      compute: {backend: cpu, threads: 1}
      model: ../parent
      data:
        documents: [{type: miniature-web, documents: 60}]
        held-out-share: 0.2
        context-length: 16
      sequences: 400
      sequences-per-part: 4
      micro-batch: 1
      top-k: 8
      """;

  /** Writes the model that all runs below a directory begin with. */
  static void parentIn(Path directory) throws IOException {
    TinyCheckpoint.write(directory.resolve("parent"));
  }

  static ReshapeRun prune(Path directory) throws IOException {
    return write(directory, PRUNE);
  }

  static ReshapeRun upscale(Path directory) throws IOException {
    return write(directory, UPSCALE);
  }

  static ReshapeRun distill(Path directory) throws IOException {
    return write(directory, DISTILL);
  }

  static ReshapeRun logits(Path directory) throws IOException {
    return write(directory, LOGITS);
  }

  /** Writes the configuration of any job, whose output must be {@code out}. */
  static ReshapeRun write(Path directory, String config) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("job.yaml"), config);
    return new ReshapeRun(directory);
  }

  Path file(String name) {
    return directory.resolve("out").resolve(name);
  }

  void finish() throws Exception {
    try (CommandProcess process = start()) {
      process.result().assertSucceeded();
    }
  }

  private CommandProcess start() throws IOException {
    return CommandProcess.start(directory, List.of("run", "job.yaml", "--resume"));
  }

  /** Goes on and is killed as soon as something holds. */
  void killWhen(BooleanSupplier moment) throws Exception {
    try (CommandProcess process = start()) {
      assertThat(process.reaches(moment)).as("the run lives until then").isTrue();
      process.kill();
    }
  }

  /** Lines of a file of the output by now; 0 where there is none. */
  long lines(String name) {
    try (Stream<String> lines = has(name) ? Files.lines(file(name)) : Stream.empty()) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a checkpoint is being written, or a kill interrupted the writing of one. */
  boolean isWritingCheckpoint() {
    String[] children = file("checkpoints").toFile().list();
    return children != null && Stream.of(children).anyMatch(name -> name.endsWith(".partial"));
  }

  boolean has(String name) {
    return Files.exists(file(name));
  }

  void assertSameAs(ReshapeRun other, List<String> files) {
    for (String name : files) {
      assertThat(file(name)).hasSameBinaryContentAs(other.file(name));
    }
  }
}
