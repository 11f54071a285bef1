package io.kanana.core.tensor.nd4j;

import io.kanana.core.error.BackendException;
import io.kanana.core.tensor.HostStorage;
import io.kanana.core.tensor.Tensor;
import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Tensors as arrays, without a copy. */
final class Cuts {
  private Cuts() {}

  /** In the tensor's own shape. */
  static INDArray array(Tensor tensor) {
    long[] shape = shape(tensor);
    return cut(tensor, 0, shape, denseStrides(shape));
  }

  /** As {@link #array}, for a cut that hardly comes back: it is left to the collector. */
  static INDArray fresh(Tensor tensor) {
    long[] shape = shape(tensor);
    return fresh(tensor, 0, shape, denseStrides(shape));
  }

  private static long[] shape(Tensor tensor) {
    return Arrays.stream(tensor.shape()).asLongStream().toArray();
  }

  /** All elements in one row: [n]. */
  static INDArray vector(Tensor tensor) {
    return cut(tensor, 0, new long[] {tensor.size()}, new long[] {1});
  }

  /** All elements below one another: [n, 1]. */
  static INDArray column(Tensor tensor) {
    return cut(tensor, 0, new long[] {tensor.size(), 1}, new long[] {1, 1});
  }

  /** Rows of the last axis: [N, C]. */
  static INDArray matrix(Tensor tensor) {
    int columns = tensor.dim(-1);
    return cut(tensor, 0, new long[] {tensor.rows(), columns}, new long[] {columns, 1});
  }

  /** Some columns of some rows: [rows, columns], whose first element stands at {@code first}. */
  static INDArray block(Tensor tensor, long first, long rows, long columns) {
    return cut(tensor, first, new long[] {rows, columns}, new long[] {tensor.dim(-1), 1});
  }

  /** Any cut, whose first element stands at {@code first} from the tensor's. */
  static INDArray cut(Tensor tensor, long first, long[] shape, long[] strides) {
    return tensor.storage() instanceof ArrayStorage storage
        ? storage.views().kept(tensor.offset() + first, shape, strides)
        : fresh(tensor, first, shape, strides);
  }

  /** As {@link #block}, for a cut that hardly comes back. */
  static INDArray freshBlock(Tensor tensor, long first, long rows, long columns) {
    return fresh(tensor, first, new long[] {rows, columns}, new long[] {tensor.dim(-1), 1});
  }

  /** As {@link #cut}, for one that hardly comes back. */
  static INDArray fresh(Tensor tensor, long first, long[] shape, long[] strides) {
    long offset = tensor.offset() + first;
    return tensor.storage() instanceof ArrayStorage storage
        ? storage.views().fresh(offset, shape, strides)
        : Nd4j.create(hostBuffer(tensor), shape, strides, offset, 'c');
  }

  private static DataBuffer hostBuffer(Tensor tensor) {
    if (tensor.storage() instanceof HostStorage storage && Nd4j.getEnvironment().isCPU()) {
      Pointer start = new At(storage.segment().address());
      return Nd4j.createBuffer(start, storage.capacity(), DTypes.of(tensor.dtype()));
    }
    throw new BackendException(tensor + " lives in memory that ND4J cannot address");
  }

  /** A pointer to memory of somebody else. */
  private static final class At extends Pointer {
    private At(long address) {
      super();
      this.address = address;
    }
  }

  static long[] denseStrides(long[] shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    return strides;
  }
}
