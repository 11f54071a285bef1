package io.kanana.pretrain.distill;

import io.kanana.core.model.Llama;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;

/**
 * The most probable tokens of some positions, in memory of a back end.
 *
 * @param ids I32 [N, k]
 * @param logProbabilities F32 [N, k]
 * @param logRest F32 [N], of all other tokens together
 */
record TopTokens(Tensor ids, Tensor logProbabilities, Tensor logRest) {
  static TopTokens allocate(Scope scope, int rows, int count) {
    return new TopTokens(
        scope.allocate(DType.I32, rows, count),
        scope.allocate(DType.F32, rows, count),
        scope.allocate(DType.F32, rows));
  }

  /** Those of a model at its last hidden states [N, C]. */
  static TopTokens of(Llama model, Tensor hidden, double temperature, int count, Scope scope) {
    TopTokens top = allocate(scope, hidden.rows(), count);
    model
        .backend()
        .kernels()
        .linearTopProbabilities(
            hidden,
            model.head().compute(),
            temperature,
            top.ids,
            top.logProbabilities,
            top.logRest);
    return top;
  }
}
