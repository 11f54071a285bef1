package io.kanana.benchmarks;

import picocli.CommandLine.Option;

/** Which model, and how much of it at once. */
final class ShapeArguments {
  @Option(
      names = "--shape",
      paramLabel = "NAME|FILE",
      required = true,
      description = "13m, 50m, 135m, 2b-2l, or a model's YAML such as those in configs/models.")
  private String name;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Rows of a step; 8, 4, 1, 1 for the named shapes, 1 for a file.")
  private Integer batch;

  @Option(
      names = "--context",
      paramLabel = "N",
      description = "Positions of a row; what the shape says if not given.")
  private Integer context;

  BenchmarkShape shape() {
    BenchmarkShape shape = BenchmarkShape.of(name);
    if (context != null) {
      shape = shape.withContext(context);
    }
    return batch == null ? shape : shape.withBatch(batch);
  }
}
