package io.kanana.posttrain.preference;

import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.ModelWeights;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.Beginning;
import io.kanana.core.train.ModelFiles;
import io.kanana.core.train.WholeModel;

/**
 * A reward model that begins as a language model, such as that of supervised tuning, with a new
 * head: normal numbers of the model's {@code initializer_range}, as transformers draws it.
 *
 * @param stored the language model, which stays open meanwhile
 * @param key of the head
 */
record RewardBeginning(HuggingFaceModel stored, RandomKey key) implements Beginning {
  /** That of transformers where a model does not say its own. */
  private static final double USUAL_RANGE = 0.02;

  @Override
  public ModelConfig shape() {
    return stored.config().model();
  }

  @Override
  public Llama make(Precision precision, TensorBackend backend) {
    return Llama.scoring(shape(), precision, backend, true);
  }

  @Override
  public void begin(Llama model, Optimizer optimizer) {
    float[] head = new float[shape().hiddenSize()];
    key.fillGaussian(head, 0, stored.config().initialiserRange().orElse(USUAL_RANGE));
    model.backend().write(head, model.scoreHead().value());
    ModelWeights.readBody(stored.tensors(), model);
  }

  @Override
  public ModelFiles files(Llama model) {
    return new WholeModel(model);
  }
}
