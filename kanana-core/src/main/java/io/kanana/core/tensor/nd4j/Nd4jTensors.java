package io.kanana.core.tensor.nd4j;

import io.kanana.core.error.BackendException;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Tensors as ND4J arrays and the other way round, without a copy: what one side writes, the other
 * sees. For code that wants to do with ND4J what the kernels here do not.
 *
 * <p>Works with the back ends {@code nd4j} and, where ND4J runs on the CPU, {@code cpu}. Not for a
 * call while kernels are at work on the same memory.
 */
public final class Nd4jTensors {
  private Nd4jTensors() {}

  /**
   * The elements of an array as a tensor of the same shape.
   *
   * @param scope of the back end whose kernels will use the tensor; when it is closed the tensor is
   *     forgotten, and the array stays as it is
   * @param array of FLOAT, BFLOAT16, DOUBLE or INT32, dense and in row-major order, a view or not;
   *     must stay open until the scope is closed
   * @throws BackendException if the array is of another type or has gaps
   */
  public static Tensor of(Scope scope, INDArray array) {
    Nd4jRuntime.start();
    if (!isDense(array)) {
      throw new BackendException(
          String.format(
              Locale.ROOT,
              "an array of shape %s with strides %s is not dense and row-major; pass array.dup('c')",
              Arrays.toString(array.shape()),
              Arrays.toString(array.stride())));
    }
    int[] shape = Arrays.stream(array.shape()).mapToInt(Math::toIntExact).toArray();
    return scope.borrow(ArrayStorage.of(array), shape);
  }

  private static boolean isDense(INDArray array) {
    long[] dense = Cuts.denseStrides(array.shape());
    for (int axis = 0; axis < dense.length; axis++) {
      if (array.size(axis) > 1 && array.stride(axis) != dense[axis]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The elements of a tensor as an array of the same shape. The memory stays the tensor's: the
   * array must not be used after the tensor's scope was closed, and never be closed itself.
   *
   * @throws BackendException if ND4J cannot address the tensor's memory
   */
  public static INDArray array(Tensor tensor) {
    Nd4jRuntime.start();
    return Cuts.fresh(tensor);
  }
}
