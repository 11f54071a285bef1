package io.kanana.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.BackendException;
import io.kanana.core.optimize.AdamW;
import org.junit.jupiter.api.Test;

/** Who holds memory, and for how long. */
class LlamaTest {
  private static final ModelConfig SHAPE =
      new ModelConfig(
          2, 8, 2, 1, 4, 16, 11, 32, 1e-5, new RopeConfig(10_000, new RopeScaling.None()), true);
  private static final AdamW.Config ADAM_W =
      new AdamW.Config(1e-3, 0.9, 0.95, 1e-8, 0.1, AdamW.Decay.COUPLED);

  @Test
  void aModelThatCannotBeMadeHoldsNothing() {
    try (ScarceBackend backend = new ScarceBackend(7)) {
      assertThatThrownBy(() -> Llama.trainable(SHAPE, Precision.F32, backend))
          .isInstanceOf(BackendException.class);
      assertThat(backend.pool().peakBytes()).isPositive();
      assertThat(backend.pool().heldBytes()).isZero();
    }
  }

  @Test
  void anOptimizerThatCannotBeMadeHoldsNothing() {
    int blocks = 2 * (2 + 6 * SHAPE.layers());
    try (ScarceBackend backend = new ScarceBackend(blocks + 5);
        Llama model = Llama.trainable(SHAPE, Precision.F32, backend)) {
      long before = backend.pool().heldBytes();
      assertThatThrownBy(() -> ADAM_W.create(backend, model.parameters()))
          .isInstanceOf(BackendException.class);
      assertThat(backend.pool().heldBytes()).isGreaterThan(before);
      backend.pool().trim();
      assertThat(backend.pool().heldBytes()).isEqualTo(before);
    }
  }

  /** The next model has other sizes, and could not use what this one leaves. */
  @Test
  void aModelThatWasClosedHoldsNothing() {
    try (ScarceBackend backend = new ScarceBackend(1000)) {
      Llama.trainable(SHAPE, Precision.BF16_MIXED, backend).close();
      assertThat(backend.pool().heldBytes()).isZero();
    }
  }
}
