package io.kanana.benchmarks;

import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.RopeConfig;
import io.kanana.core.model.RopeScaling;

/**
 * A shape at which training is timed.
 *
 * @param batch rows of a step, each as long as the model's context
 */
record BenchmarkShape(ModelConfig model, int batch) {
  private static final double NORM_EPSILON = 1e-5;
  private static final RopeConfig ROPE = new RopeConfig(500_000, new RopeScaling.None());

  /** The shape called {@code 13m}, {@code 50m}, {@code 135m} or {@code 2b-2l}. */
  static BenchmarkShape named(String name) {
    return switch (name) {
      case "13m" -> of(6, 384, 6, 6, 64, 1_024, 4_096, false, 8, 256);
      case "50m" -> of(8, 640, 10, 5, 64, 1_728, 32_000, true, 4, 512);
      case "135m" -> of(30, 576, 9, 3, 64, 1_536, 49_152, true, 1, 1_024);
      case "2b-2l" -> of(2, 1_792, 24, 8, 128, 8_064, 32_000, true, 1, 512);
      default ->
          throw new IllegalArgumentException(
              "no shape '" + name + "'; there are 13m, 50m, 135m, 2b-2l");
    };
  }

  private static BenchmarkShape of(
      int layers,
      int hidden,
      int heads,
      int kvHeads,
      int headDim,
      int ffn,
      int vocabulary,
      boolean tied,
      int batch,
      int context) {
    ModelConfig model =
        new ModelConfig(
            layers,
            hidden,
            heads,
            kvHeads,
            headDim,
            ffn,
            vocabulary,
            context,
            NORM_EPSILON,
            ROPE,
            tied);
    return new BenchmarkShape(model, batch);
  }
}
