package io.kanana.core.model;

import io.kanana.core.error.BackendException;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of the positions that a batch of sequences has seen, for every layer. The tensors
 * belong to the scope it was made in. Not safe for use by several threads.
 */
public final class KvCache {
  private static final DType ELEMENTS = DType.F32;

  private final int capacity;
  private final int[] lengths;
  private final List<Tensor> keys = new ArrayList<>();
  private final List<Tensor> values = new ArrayList<>();

  /**
   * @param batch B, the sequences
   * @param capacity the most positions of any of them
   */
  public KvCache(ModelConfig config, Scope scope, int batch, int capacity) {
    this.capacity = capacity;
    this.lengths = new int[batch];
    int width = config.kvHeads() * config.headDim();
    for (int layer = 0; layer < config.layers(); layer++) {
      keys.add(scope.allocate(ELEMENTS, batch, capacity, width));
      values.add(scope.allocate(ELEMENTS, batch, capacity, width));
    }
  }

  /** Bytes of the keys and values of one position of one sequence, over all layers. */
  public static long bytesPerPosition(ModelConfig config) {
    return 2L * config.layers() * config.kvHeads() * config.headDim() * ELEMENTS.bytes();
  }

  public int batch() {
    return lengths.length;
  }

  public int capacity() {
    return capacity;
  }

  /** How many positions of a sequence are valid. */
  public int length(int sequence) {
    return lengths[sequence];
  }

  /**
   * Declares the first {@code length} positions of a sequence valid; what lies behind is
   * overwritten next.
   */
  public void setLength(int sequence, int length) {
    if (length < 0 || length > capacity) {
      throw new BackendException(
          "length " + length + " does not fit a cache of " + capacity + " positions");
    }
    lengths[sequence] = length;
  }

  /**
   * Gives every sequence of this cache the positions that one of another cache has seen: a common
   * beginning is computed once. Those of this cache are forgotten.
   */
  public void beginWith(KvCache other, int sequence, Kernels kernels) {
    int length = other.length(sequence);
    for (int b = 0; b < batch(); b++) {
      setLength(b, length);
      for (int layer = 0; layer < keys.size(); layer++) {
        kernels.copy(other.rows(other.keys, layer, sequence), rows(keys, layer, b));
        kernels.copy(other.rows(other.values, layer, sequence), rows(values, layer, b));
      }
    }
  }

  /** The valid positions of a sequence. */
  private Tensor rows(List<Tensor> tensors, int layer, int sequence) {
    Tensor all = tensors.get(layer);
    int begin = sequence * capacity;
    return all.reshape(batch() * capacity, all.dim(2)).slice(begin, begin + lengths[sequence]);
  }

  int[] lengths() {
    return lengths.clone();
  }

  Tensor keys(int layer) {
    return keys.get(layer);
  }

  Tensor values(int layer) {
    return values.get(layer);
  }
}
