package io.kanana.core.train;

import io.kanana.core.model.Llama;

/** Data that are never trained on, and how a model is measured on them. */
@FunctionalInterface
public interface HeldOut {
  /**
   * Measures a model and tells a listener what came of it.
   *
   * @param step that the model stands at
   */
  void measure(Llama model, long step, TrainingListener listener);

  /** One after the other, in this order. */
  default HeldOut then(HeldOut next) {
    return (model, step, listener) -> {
      measure(model, step, listener);
      next.measure(model, step, listener);
    };
  }
}
