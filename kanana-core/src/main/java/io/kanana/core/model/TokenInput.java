package io.kanana.core.model;

import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;

/**
 * What a model reads, in a back end's memory.
 *
 * @param batch B
 * @param time T
 * @param tokens I32 [N]
 * @param positions I32 [N], restarting in each document, so below T
 * @param starts I32 [N]: for each position the first position of its document within its row
 */
public record TokenInput(int batch, int time, Tensor tokens, Tensor positions, Tensor starts) {
  /** Copies to tensors that belong to {@code scope}. */
  public static TokenInput of(
      TensorBackend backend,
      Scope scope,
      int batch,
      int time,
      int[] tokens,
      int[] positions,
      int[] starts) {
    return new TokenInput(
        batch,
        time,
        ints(backend, scope, tokens),
        ints(backend, scope, positions),
        ints(backend, scope, starts));
  }

  /** Rows of one document each. */
  public static TokenInput whole(
      TensorBackend backend, Scope scope, int batch, int time, int[] tokens) {
    int[] positions = new int[batch * time];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = i % time;
    }
    return of(backend, scope, batch, time, tokens, positions, new int[batch * time]);
  }

  private static Tensor ints(TensorBackend backend, Scope scope, int[] values) {
    Tensor tensor = scope.allocate(DType.I32, values.length);
    backend.write(values, tensor);
    return tensor;
  }
}
