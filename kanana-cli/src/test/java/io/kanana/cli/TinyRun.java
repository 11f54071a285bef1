package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A pre-training run of some thousand weights and {@value #STEPS} steps, with a checkpoint after
 * each, in a working directory of its own.
 */
record TinyRun(Path directory) {
  static final int STEPS = 16;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIG =
      """
      job: pretrain
      output: out
      compute: {backend: cpu, threads: 2}
      data:
        documents: [{type: miniature-web, documents: 60}]
        held-out-share: 0.1
      tokenizer:
        type: train-bpe
        vocabulary-size: 300
      model:
        layers: 2
        hidden-size: 32
        heads: 2
        kv-heads: 1
        head-dim: 16
        ffn-size: 64
        vocabulary-size: 300
        context-length: 16
      optimizer: {learning-rate: 5e-3}
      train:
        until: {steps: %d}
        tokens-per-step: 64
        ramp: {from: 32, steps: 6}
        micro-batch: 2
      evaluate: {every: {steps: 5}, tokens: 128}
      checkpoint: {every: {steps: 1}, keep: 2}
      samples:
        prompts: [The, 그]
        max-new-tokens: 4
      """
          .formatted(STEPS);

  static TinyRun in(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("tiny.yaml"), CONFIG);
    return new TinyRun(directory);
  }

  Path output() {
    return directory.resolve("out");
  }

  Path file(String name) {
    return output().resolve(name);
  }

  /** Starts it; each assignment is a {@code --set}, but for options. */
  CommandProcess start(String... assignments) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("run", "tiny.yaml"));
    for (String assignment : assignments) {
      if (!assignment.startsWith("--")) {
        arguments.add("--set");
      }
      arguments.add(assignment);
    }
    return CommandProcess.start(directory, arguments);
  }

  CommandProcess.Result run(String... assignments) throws IOException, InterruptedException {
    try (CommandProcess process = start(assignments)) {
      return process.result();
    }
  }

  /** Lines of {@code metrics.jsonl} by now. */
  long metricsLines() {
    Path metrics = file("metrics.jsonl");
    try (Stream<String> lines = Files.exists(metrics) ? Files.lines(metrics) : Stream.empty()) {
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

  /** The step of the newest checkpoint on the way that is whole; 0 where there is none. */
  long newestCheckpoint() {
    String[] children = file("checkpoints").toFile().list();
    return Stream.of(children == null ? new String[0] : children)
        .filter(name -> name.startsWith("step-"))
        .filter(name -> Files.exists(file("checkpoints").resolve(name).resolve("manifest.json")))
        .mapToLong(name -> Long.parseLong(name.substring("step-".length())))
        .max()
        .orElse(0);
  }

  /** The metrics as trees without what the clock says. */
  List<JsonNode> metrics() throws IOException {
    List<JsonNode> metrics = new ArrayList<>();
    for (String line : Files.readAllLines(file("metrics.jsonl"))) {
      metrics.add(JSON.readValue(line, ObjectNode.class).without("seconds"));
    }
    return metrics;
  }

  /** Checks that this run ended as another did, byte for byte, but for what the clock says. */
  void assertSameAs(TinyRun other) throws IOException {
    List<String> names = files();
    assertThat(names).contains("model.safetensors", "optimizer.safetensors", "tokenizer.json");
    assertThat(names).isEqualTo(other.files());
    for (String name : names) {
      if (!List.of("state.json", "manifest.json", "provenance.json").contains(name)) {
        assertThat(file("model").resolve(name))
            .hasSameBinaryContentAs(other.file("model").resolve(name));
      }
    }
    assertThat(state()).isEqualTo(other.state());
    assertThat(metrics()).isEqualTo(other.metrics());
  }

  private List<String> files() {
    return Stream.of(file("model").toFile().list()).sorted().toList();
  }

  private JsonNode state() throws IOException {
    byte[] state = Files.readAllBytes(file("model/state.json"));
    return ((ObjectNode) JSON.readTree(state).get("state")).without("seconds");
  }
}
