package io.kanana.core.tensor.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.BackendException;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.HostStorage;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Arrays and tensors over the same memory, on both back ends that can. */
class Nd4jTensorsTest {
  @ParameterizedTest
  @ValueSource(strings = {"nd4j", "cpu"})
  void arrayOfATensor(String name) {
    try (TensorBackend backend = TensorBackends.open(name, 1);
        Scope scope = backend.scope("test")) {
      Tensor tensor = scope.allocate(DType.F32, 4, 3);
      backend.write(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, tensor);
      INDArray array = Nd4jTensors.array(tensor.slice(1, 3));
      assertThat(array.shape()).containsExactly(2, 3);
      assertThat(array.toFloatMatrix()).isDeepEqualTo(new float[][] {{3, 4, 5}, {6, 7, 8}});

      array.addi(100);
      backend.kernels().scale(tensor, 2);

      assertThat(backend.floats(tensor))
          .containsExactly(0, 2, 4, 206, 208, 210, 212, 214, 216, 18, 20, 22);
      assertThat(array.getFloat(1, 2)).as("what kernels write shows in the array").isEqualTo(216);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nd4j", "cpu"})
  void tensorOfAnArray(String name) {
    try (TensorBackend backend = TensorBackends.open(name, 1);
        Scope scope = backend.scope("test")) {
      INDArray array = Nd4j.createFromArray(new float[][] {{1, 2, 3}, {4, 5, 6}});
      Tensor tensor = Nd4jTensors.of(scope, array);
      assertThat(tensor.shape()).containsExactly(2, 3);
      backend.kernels().scale(tensor.slice(1, 2), 10);
      assertThat(array.toFloatMatrix()).isDeepEqualTo(new float[][] {{1, 2, 3}, {40, 50, 60}});
      array.muli(-1);
      assertThat(backend.floats(tensor)).containsExactly(-1, -2, -3, -40, -50, -60);
    }
  }

  /** Rows in the middle of an array, and rows of those. */
  @ParameterizedTest
  @ValueSource(strings = {"nd4j", "cpu"})
  void tensorOfAView(String name) {
    try (TensorBackend backend = TensorBackends.open(name, 1);
        Scope scope = backend.scope("test")) {
      INDArray array = Nd4j.arange(20).castTo(DataType.FLOAT).reshape(5, 4);
      INDArray view = array.get(NDArrayIndex.interval(1, 4), NDArrayIndex.all());
      Tensor tensor = Nd4jTensors.of(scope, view);
      assertThat(backend.floats(tensor.slice(1, 2))).containsExactly(8, 9, 10, 11);
      Tensor row = Nd4jTensors.of(scope, view.getRow(2));
      backend.kernels().fill(row, 7);
      assertThat(array.getRow(3).toFloatVector()).containsExactly(7, 7, 7, 7);
      assertThat(array.getRow(4).toFloatVector()).containsExactly(16, 17, 18, 19);
      assertThat(backend.floats(tensor.slice(2, 3))).containsExactly(7, 7, 7, 7);
    }
  }

  /** The address is what counts: equal values could be a copy's. */
  @Test
  void bothAreTheSameMemory() {
    try (TensorBackend cpu = TensorBackends.open("cpu", 1);
        Scope scope = cpu.scope("test")) {
      Tensor tensor = scope.allocate(DType.F32, 8);
      long address = ((HostStorage) tensor.storage()).segment().address();
      INDArray array = Nd4jTensors.array(tensor.slice(2, 8));
      assertThat(array.data().addressPointer().address()).isEqualTo(address + 8);
      Tensor again = Nd4jTensors.of(scope, array);
      assertThat(((HostStorage) again.storage()).segment().address()).isEqualTo(address + 8);
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void everyDtype(DType dtype) {
    for (String name : new String[] {"nd4j", "cpu"}) {
      try (TensorBackend backend = TensorBackends.open(name, 1);
          Scope scope = backend.scope("test")) {
        Tensor tensor = scope.zeros(backend.kernels(), dtype, 5);
        INDArray array = Nd4jTensors.array(tensor);
        array.assign(3);
        Tensor same = Nd4jTensors.of(scope, array);
        assertThat(same.dtype()).isEqualTo(dtype);
        assertThat(Nd4jTensors.array(same).sumNumber().doubleValue()).isEqualTo(15);
      }
    }
  }

  @Test
  void anArrayOutlivesItsTensor() {
    INDArray array = Nd4j.ones(DataType.FLOAT, 3);
    try (TensorBackend backend = TensorBackends.open("nd4j", 1)) {
      long held = backend.pool().heldBytes();
      Tensor tensor;
      try (Scope scope = backend.scope("borrower")) {
        tensor = Nd4jTensors.of(scope, array);
        scope.release(Nd4jTensors.of(scope, array));
      }
      assertThatThrownBy(() -> backend.floats(tensor)).hasMessageContaining("borrower");
      assertThat(backend.pool().heldBytes()).isEqualTo(held);
    }
    assertThat(array.sumNumber().doubleValue()).isEqualTo(3);
  }

  @Test
  void whatCannotBeViewedIsRefused() {
    try (TensorBackend backend = TensorBackends.open("nd4j", 1);
        Scope scope = backend.scope("test")) {
      INDArray columns =
          Nd4j.ones(DataType.FLOAT, 4, 4).get(NDArrayIndex.all(), NDArrayIndex.interval(0, 2));
      assertThatThrownBy(() -> Nd4jTensors.of(scope, columns))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("dup('c')");
      assertThatThrownBy(() -> Nd4jTensors.of(scope, Nd4j.ones(DataType.FLOAT, 2, 3).transpose()))
          .isInstanceOf(BackendException.class);
      assertThatThrownBy(() -> Nd4jTensors.of(scope, Nd4j.ones(DataType.INT64, 2)))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("LONG");
    }
    try (TensorBackend reference = TensorBackends.open("reference", 1);
        Scope scope = reference.scope("test")) {
      Tensor tensor = scope.allocate(DType.F32, 3);
      assertThatThrownBy(() -> Nd4jTensors.array(tensor)).isInstanceOf(BackendException.class);
    }
  }
}
