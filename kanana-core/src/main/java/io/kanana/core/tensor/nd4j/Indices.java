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
      check(operation, values[i], i, low, high);
    }
  }

  private static void check(String operation, int value, int at, int low, int high) {
    if (value < low || value >= high) {
      throw new BackendException(
          String.format(
              Locale.ROOT,
              "%s: index %d at %d is not in [%d, %d)",
              operation,
              value,
              at,
              low,
              high));
    }
  }

  /**
   * Checks that the start of every position is one of its sequence and not after it, which would
   * leave it nothing to attend.
   */
  static void checkStarts(TensorBackend backend, Tensor starts, int time) {
    int[] values = new int[Math.toIntExact(starts.size())];
    backend.read(starts, values);
    for (int i = 0; i < values.length; i++) {
      check("attention starts", values[i], i, 0, i % time + 1);
    }
  }
}
