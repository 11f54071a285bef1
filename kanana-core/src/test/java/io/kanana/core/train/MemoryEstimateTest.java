package io.kanana.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import io.kanana.core.autograd.Tape;
import io.kanana.core.autograd.Variable;
import io.kanana.core.model.AdapterShape;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.model.Projection;
import io.kanana.core.model.RopeConfig;
import io.kanana.core.model.RopeScaling;
import io.kanana.core.model.TokenInput;
import io.kanana.core.optimize.AdamW;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import java.util.EnumSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The estimates against what a back end really holds. */
class MemoryEstimateTest {
  private static final int ROWS = 2;
  private static final ModelConfig SHAPE =
      new ModelConfig(
          8, 64, 4, 2, 16, 160, 61, 48, 1e-5, new RopeConfig(10_000, new RopeScaling.None()), true);
  private static final AdamW.Config ADAM_W =
      new AdamW.Config(1e-3, 0.9, 0.95, 1e-8, 0.1, AdamW.Decay.COUPLED);

  private final TensorBackend backend = TensorBackends.open("cpu", 1);

  @AfterEach
  void close() {
    backend.close();
  }

  /** What is in use, and not only kept for later. */
  private long used() {
    backend.pool().trim();
    return backend.pool().heldBytes();
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void weightsGradientsAndMoments(Precision precision) {
    MemoryEstimate estimate = MemoryEstimate.of(SHAPE, precision, ROWS, false);
    try (Llama model = Llama.trainable(SHAPE, precision, backend);
        Optimizer optimizer = ADAM_W.create(backend, model.parameters())) {
      assertThat(optimizer.state()).isNotEmpty();
      assertThat(used()).isCloseTo(estimate.weights(), withPercentage(1));
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void weightsBesideAdapters(Precision precision) {
    AdapterShape adapters = AdapterShape.of(4, 2, EnumSet.allOf(Projection.class));
    MemoryEstimate estimate =
        MemoryEstimate.of(SHAPE, precision, ROWS, false).with(adapters, SHAPE);
    try (Llama model = Llama.frozen(SHAPE, precision, backend)) {
      model.adapt(adapters, true);
      try (Optimizer optimizer = ADAM_W.create(backend, model.parameters())) {
        assertThat(optimizer.state()).isNotEmpty();
        assertThat(used()).isCloseTo(estimate.weights(), withPercentage(3));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void activationsThatAreKept(Precision precision) {
    MemoryEstimate estimate = MemoryEstimate.of(SHAPE, precision, ROWS, false);
    assertThat(kept(precision, false)).isCloseTo(estimate.activations(), withPercentage(10));
  }

  /** The estimate holds the one layer that is computed again, which is not there yet. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void activationsThatAreComputedAgain(Precision precision) {
    MemoryEstimate estimate = MemoryEstimate.of(SHAPE, precision, ROWS, true);
    long oneLayer = MemoryEstimate.of(SHAPE, precision, ROWS, false).activations() / SHAPE.layers();
    assertThat(kept(precision, true) + oneLayer)
        .isCloseTo(estimate.activations(), withPercentage(20));
  }

  /** Bytes that a forward pass leaves for its backward pass. */
  private long kept(Precision precision, boolean recompute) {
    try (Llama model = Llama.trainable(SHAPE, precision, backend)) {
      forward(model, recompute); // makes what a model makes once
      long before = used();
      return forward(model, recompute) - before;
    }
  }

  private long forward(Llama model, boolean recompute) {
    try (Scope scope = backend.scope("forward")) {
      Tape tape = Tape.recording(backend.kernels(), scope);
      int time = SHAPE.contextLength();
      TokenInput input = TokenInput.whole(backend, scope, ROWS, time, new int[ROWS * time]);
      Variable hidden = model.hidden(tape, input, recompute);
      assertThat(hidden.value().rows()).isEqualTo(ROWS * time);
      return used();
    }
  }
}
