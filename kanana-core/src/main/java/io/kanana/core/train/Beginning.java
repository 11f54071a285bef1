package io.kanana.core.train;

import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.ModelWeights;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.tensor.TensorBackend;

/** The model that a training goes on from: how it is made, and what it begins with. */
public interface Beginning {
  ModelConfig shape();

  /** The model, whose weights are read later; the caller closes it. */
  Llama make(Precision precision, TensorBackend backend);

  /** Gives a run that has no checkpoint yet its weights and, if wanted, its optimizer's memory. */
  void begin(Llama model, Optimizer optimizer);

  /** What its checkpoints hold. */
  ModelFiles files(Llama model);

  /** All weights of a stored model, with a new optimizer. */
  static Beginning of(HuggingFaceModel stored) {
    return of(stored, _ -> {});
  }

  /**
   * All weights of a stored model.
   *
   * @param memory gives the optimizer what it shall remember
   */
  static Beginning of(HuggingFaceModel stored, Memory memory) {
    return new Beginning() {
      @Override
      public ModelConfig shape() {
        return stored.config().model();
      }

      @Override
      public Llama make(Precision precision, TensorBackend backend) {
        return Llama.trainable(shape(), precision, backend);
      }

      @Override
      public void begin(Llama model, Optimizer optimizer) {
        ModelWeights.read(stored.tensors(), model);
        memory.recall(optimizer);
      }

      @Override
      public ModelFiles files(Llama model) {
        return new WholeModel(model);
      }
    };
  }

  /** What becomes of an optimizer before the first step. */
  @FunctionalInterface
  interface Memory {
    void recall(Optimizer optimizer);
  }
}
