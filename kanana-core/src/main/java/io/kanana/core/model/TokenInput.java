package io.kanana.core.model;

import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a model reads, in a back end's memory.
 *
 * @param batch B
 * @param time T
 * @param longest positions of the longest document: the context that a model must have, at most T
 * @param tokens I32 [N]
 * @param positions I32 [N], restarting in each document, so below {@code longest}
 * @param starts I32 [N]: for each position the first position of its document within its row
 * @param noise F32 [N, C], added to the tokens' embeddings; where it is absent, nothing is
 */
public record TokenInput(
    int batch,
    int time,
    int longest,
    Tensor tokens,
    Tensor positions,
    Tensor starts,
    Optional<Tensor> noise) {
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
        Arrays.stream(positions).max().orElse(0) + 1,
        ints(backend, scope, tokens),
        ints(backend, scope, positions),
        ints(backend, scope, starts),
        Optional.empty());
  }

  /** The same with noise on its embeddings; the tensor stays the caller's. */
  public TokenInput withNoise(Tensor added) {
    return new TokenInput(batch, time, longest, tokens, positions, starts, Optional.of(added));
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
