package io.kanana.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.autograd.Tape;
import io.kanana.core.error.BackendException;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of several documents that together are longer than the context. */
class LongRowsTest {
  private static final int CONTEXT = 8;
  private static final ModelConfig SHAPE =
      new ModelConfig(
          2,
          8,
          2,
          1,
          4,
          16,
          11,
          CONTEXT,
          1e-5,
          new RopeConfig(10_000, new RopeScaling.None()),
          true);

  @ParameterizedTest
  @ValueSource(strings = {"reference", "nd4j", "cpu"})
  void documentsAreReadAsInRowsOfTheirOwn(String name) {
    try (TensorBackend backend = TensorBackends.open(name, 1);
        Llama model = Llama.frozen(SHAPE, Precision.F32, backend)) {
      model.initialise(RandomKey.of(3), 0.5);
      float[] expected = hidden(model, 3, CONTEXT, CONTEXT);
      float[] found = hidden(model, 1, 3 * CONTEXT, CONTEXT);
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).isCloseTo(expected[i], within(1e-5f));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "nd4j", "cpu"})
  void aDocumentIsNoLongerThanTheContext(String name) {
    try (TensorBackend backend = TensorBackends.open(name, 1);
        Llama model = Llama.frozen(SHAPE, Precision.F32, backend)) {
      assertThatThrownBy(() -> hidden(model, 1, 3 * CONTEXT, CONTEXT + 1))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("9 positions, but the context of the model is 8");
    }
  }

  private static float[] hidden(Llama model, int batch, int time, int document) {
    TensorBackend backend = model.backend();
    int[] places = IntStream.range(0, batch * time).map(i -> i % time).toArray();
    int[] tokens = IntStream.range(0, batch * time).map(i -> i * 7 % 11).toArray();
    int[] positions = IntStream.of(places).map(i -> i % document).toArray();
    int[] starts = IntStream.of(places).map(i -> i - i % document).toArray();
    try (Scope scope = backend.scope("rows")) {
      TokenInput input = TokenInput.of(backend, scope, batch, time, tokens, positions, starts);
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      return backend.floats(model.hidden(tape, input, false).value());
    }
  }
}
