package io.kanana.core.checkpoint;

import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.WeightAxes;
import java.util.stream.Stream;

/** The published weights of the Llama family. */
public final class LlamaWeights {
  private LlamaWeights() {}

  /**
   * Names and shapes of a model's weights: embedding, layers in order, final norm, and the head
   * where it is not tied.
   */
  public static Stream<TensorSpec> specs(ModelConfig config, StoredType type) {
    return WeightAxes.of(config).map(weight -> spec(weight, config, type));
  }

  private static TensorSpec spec(WeightAxes weight, ModelConfig config, StoredType type) {
    long[] shape =
        weight.dimensions().stream().mapToLong(dimension -> dimension.size(config)).toArray();
    return TensorSpec.of(weight.name(), type, shape);
  }
}
