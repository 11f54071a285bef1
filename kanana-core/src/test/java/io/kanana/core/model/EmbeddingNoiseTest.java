package io.kanana.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.autograd.Tape;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingNoiseTest {
  private static final ModelConfig SHAPE =
      new ModelConfig(
          2, 8, 2, 1, 4, 16, 11, 32, 1e-5, new RopeConfig(10_000, new RopeScaling.None()), true);
  private static final int[] TOKENS = {3, 1, 4, 1, 5};
  private static final int[] OTHERS = {9, 2, 6, 5, 3};

  /** The difference of two embeddings makes a token another one. */
  @ParameterizedTest
  @ValueSource(strings = {"reference", "nd4j", "cpu"})
  void noiseIsAddedToTheEmbeddings(String name) {
    try (TensorBackend backend = TensorBackends.open(name, 1);
        Llama model = Llama.frozen(SHAPE, Precision.F32, backend)) {
      model.initialise(RandomKey.of(3), 0.5);
      float[] expected = hidden(model, OTHERS, new float[TOKENS.length * SHAPE.hiddenSize()]);
      float[] found = hidden(model, TOKENS, difference(model));
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).isCloseTo(expected[i], within(1e-5f));
      }
    }
  }

  private static float[] difference(Llama model) {
    float[] table = model.backend().floats(model.parameters().getFirst().value());
    int width = SHAPE.hiddenSize();
    float[] noise = new float[TOKENS.length * width];
    for (int i = 0; i < noise.length; i++) {
      int column = i % width;
      int row = i / width;
      noise[i] = table[OTHERS[row] * width + column] - table[TOKENS[row] * width + column];
    }
    return noise;
  }

  private static float[] hidden(Llama model, int[] tokens, float[] noise) {
    TensorBackend backend = model.backend();
    try (Scope scope = backend.scope("noise")) {
      Tensor added = scope.allocate(DType.F32, tokens.length, SHAPE.hiddenSize());
      backend.write(noise, added);
      TokenInput input = TokenInput.whole(backend, scope, 1, tokens.length, tokens);
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      return backend.floats(model.hidden(tape, input.withNoise(added), false).value());
    }
  }
}
