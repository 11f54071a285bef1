package io.kanana.posttrain.merge;

import io.kanana.core.autograd.Tape;
import io.kanana.core.model.Llama;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;

/** What a model answers. */
final class Logits {
  private Logits() {}

  /** Of every position of one document. */
  static double[] of(Llama model, int[] ids) {
    TensorBackend backend = model.backend();
    try (Scope scope = backend.scope("test")) {
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      TokenInput input = TokenInput.whole(backend, scope, 1, ids.length, ids);
      Tensor hidden = model.hidden(tape, input, false).value();
      return backend.doubles(model.logits(tape, hidden));
    }
  }
}
