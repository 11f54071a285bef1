package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.checkpoint.TinyCheckpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
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
      loss:
        cross-entropy: 0.5
        top-k: 8
        hidden-states: {weight: 0.1, layers: [{student: 0, teacher: 1}]}
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

  /**
   * Writes the configuration of any job, whose output must be {@code out}; paths are made absolute,
   * so that it is the same job from wherever it is run.
   */
  static ReshapeRun write(Path directory, String config) throws IOException {
    Files.createDirectories(directory);
    String absolute =
        config
            .replace("output: out", "output: " + directory.resolve("out"))
            .replace("../", directory.getParent() + "/");
    Files.writeString(directory.resolve("job.yaml"), absolute);
    return new ReshapeRun(directory);
  }

  Path file(String name) {
    return directory.resolve("out").resolve(name);
  }

  /** Runs to the end, in this JVM: only what is killed needs one of its own. */
  void finish() {
    StringWriter errors = new StringWriter();
    int status =
        KananaCommand.commandLine()
            .setErr(new PrintWriter(errors, true))
            .execute("run", directory.resolve("job.yaml").toString(), "--resume");
    assertThat(errors.toString()).isEmpty();
    assertThat(status).isZero();
  }

  /** Goes on and is killed as soon as something holds. */
  void killWhen(BooleanSupplier moment) throws Exception {
    List<String> arguments = List.of("run", "job.yaml", "--resume");
    try (CommandProcess process = CommandProcess.start(directory, arguments)) {
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
