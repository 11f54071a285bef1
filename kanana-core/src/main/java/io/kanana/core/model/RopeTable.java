package io.kanana.core.model;

import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;

/**
 * Cosines and sines of a model's positions, as many as were asked for: the context that a
 * checkpoint claims is no reason to fill memory with it. The tensors belong to the scope it was
 * made in. Not safe for use by several threads.
 */
final class RopeTable {
  /** Positions of the first table, unless more are asked for. */
  private static final int FIRST = 1024;

  /** Elements that are on the heap at once, unless a position has more. */
  private static final int CHUNK = 1 << 16;

  private final ModelConfig config;
  private final TensorBackend backend;
  private final Scope scope;
  private final double[] frequencies;
  private Tensor table;

  RopeTable(ModelConfig config, TensorBackend backend, Scope scope) {
    this.config = config;
    this.backend = backend;
    this.scope = scope;
    this.frequencies = config.rope().inverseFrequencies(config.headDim());
  }

  /**
   * [P, D] for at least so many positions: D/2 cosines, then D/2 sines. A smaller table that was
   * given before stays valid, since a tape may still have to read it; sizes double, so all earlier
   * ones together are no larger than the last.
   *
   * @param positions at most the model's context
   */
  Tensor upTo(int positions) {
    if (table == null || table.dim(0) < positions) {
      long doubled = table == null ? FIRST : 2L * table.dim(0);
      table = make(Math.toIntExact(Math.min(config.contextLength(), Math.max(doubled, positions))));
    }
    return table;
  }

  private Tensor make(int positions) {
    Tensor made = scope.allocate(DType.F32, positions, config.headDim());
    int rows = Math.max(1, CHUNK / config.headDim());
    for (int first = 0; first < positions; first += rows) {
      int last = Math.min(positions, first + rows);
      backend.write(turns(first, last), made.slice(first, last));
    }
    return made;
  }

  private double[] turns(int first, int last) {
    int headDim = config.headDim();
    double factor = config.rope().amplitude();
    double[] turns = new double[(last - first) * headDim];
    for (int position = first; position < last; position++) {
      int row = (position - first) * headDim;
      for (int i = 0; i < frequencies.length; i++) {
        double angle = position * frequencies[i];
        turns[row + i] = Math.cos(angle) * factor;
        turns[row + frequencies.length + i] = Math.sin(angle) * factor;
      }
    }
    return turns;
  }
}
