package io.kanana.core.checkpoint;

import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.ModelHead;
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

  /** The same of what a directory says: of a reward model with {@code score.weight} as the head. */
  static Stream<TensorSpec> specs(HuggingFaceConfig config) {
    Stream<TensorSpec> all = specs(config.model(), config.type());
    if (config.head() == ModelHead.TOKENS) {
      return all;
    }
    TensorSpec score = TensorSpec.of("score.weight", config.type(), 1, config.model().hiddenSize());
    return Stream.concat(
        all.filter(spec -> !spec.name().equals("lm_head.weight")), Stream.of(score));
  }

  private static TensorSpec spec(WeightAxes weight, ModelConfig config, StoredType type) {
    long[] shape =
        weight.dimensions().stream().mapToLong(dimension -> dimension.size(config)).toArray();
    return TensorSpec.of(weight.name(), type, shape);
  }
}
