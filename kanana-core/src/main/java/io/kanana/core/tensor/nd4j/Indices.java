package io.kanana.core.tensor.nd4j;

import io.kanana.core.error.BackendException;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import java.util.Locale;

/** Refuses ids that ND4J would follow into memory of others. */
final class Indices {
  private Indices() {}

  /** Checks that every id is in [low, high); waits for them. */
  static void check(TensorBackend backend, String operation, Tensor ids, int low, int high) {
    int[] values = new int[Math.toIntExact(ids.size())];
    backend.read(ids, values);
    for (int i = 0; i < values.length; i++) {
      if (values[i] < low || values[i] >= high) {
        throw new BackendException(
            String.format(
                Locale.ROOT,
                "%s: index %d at %d is not in [%d, %d)",
                operation,
                values[i],
                i,
                low,
                high));
      }
    }
  }
}
