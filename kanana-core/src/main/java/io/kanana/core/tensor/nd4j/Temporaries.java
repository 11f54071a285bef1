package io.kanana.core.tensor.nd4j;

import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What an operation needs on the way, from the pool of the back end. */
final class Temporaries implements AutoCloseable {
  private final Scope scope;

  Temporaries(TensorBackend backend) {
    this.scope = backend.scope("temporaries");
  }

  Tensor tensor(DType dtype, int... shape) {
    return scope.allocate(dtype, shape);
  }

  /** F32, undefined. */
  INDArray f32(int... shape) {
    return Cuts.array(tensor(DType.F32, shape));
  }

  /** A matrix in F32: itself, or a copy of one in BF16, of which ND4J's products are very slow. */
  INDArray f32(Tensor matrix) {
    if (matrix.dtype() == DType.F32) {
      return Cuts.matrix(matrix);
    }
    INDArray copy = f32(matrix.rows(), matrix.dim(-1));
    copy.assign(Cuts.matrix(matrix));
    return copy;
  }

  /** A tensor in F32: itself, or a copy of one in BF16. */
  Tensor inF32(Tensor x) {
    Tensor copy = likeF32(x);
    putBack(x, copy);
    return copy;
  }

  /** Where a result in F32 goes: to the tensor itself, or beside one in BF16, undefined. */
  Tensor likeF32(Tensor out) {
    return out.dtype() == DType.F32 ? out : tensor(DType.F32, out.shape());
  }

  /** Copies a result to where it belongs, unless it is there. */
  void putBack(Tensor result, Tensor out) {
    if (result != out) {
      Cuts.matrix(out).assign(Cuts.matrix(result));
    }
  }

  /** first, first + 1, ...: [count]. */
  INDArray range(int first, int count) {
    INDArray range = f32(count);
    Ops.range(first, range);
    return range;
  }

  @Override
  public void close() {
    scope.close();
  }
}
