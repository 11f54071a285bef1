package io.kanana.benchmarks;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which model answers: one on disk, or random weights of a shape. */
final class ModelArguments {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "A model's directory, as kanana and Hugging Face libraries write it.")
  private Path directory;

  @Option(
      names = "--shape",
      paramLabel = "NAME|FILE",
      required = true,
      description = "Random weights: 13m, 50m, 135m, 2b-2l, or a model's YAML.")
  private String shape;

  Optional<Path> directory() {
    return Optional.ofNullable(directory);
  }

  /** What reports call it. */
  String name() {
    return directory == null ? shape : directory.toString();
  }
}
