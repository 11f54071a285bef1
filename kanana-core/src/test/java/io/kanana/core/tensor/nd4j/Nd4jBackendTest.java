package io.kanana.core.tensor.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.BackendException;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.KernelContractTest;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One thread: on a busy machine those of ND4J wait for one another at every operation. */
class Nd4jBackendTest extends KernelContractTest {
  Nd4jBackendTest() {
    super(new Nd4jBackendProvider(), 1);
  }

  @Test
  void saysWhichNd4jItIs() {
    assertThat(backend().description()).startsWith("ND4J 1.0.0-M2.1 on ").endsWith("1 thread");
  }

  /** ND4J itself would read and write wherever they point. */
  @ParameterizedTest
  @ValueSource(ints = {-2, 4, Integer.MAX_VALUE})
  void indicesOutsideAreRefused(int index) {
    Kernels kernels = backend().kernels();
    try (Scope scope = backend().scope("indices")) {
      Tensor table = scope.zeros(kernels, DType.F32, 4, 2);
      Tensor rows = scope.zeros(kernels, DType.F32, 2, 2);
      Tensor sums = scope.zeros(kernels, DType.F64, 2);
      Tensor ids = scope.allocate(DType.I32, 2);
      backend().write(new int[] {1, index}, ids);
      String place = "index " + index + " at 1 is not in";
      assertThatThrownBy(() -> kernels.gatherRows(table, ids, rows))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining(place);
      assertThatThrownBy(() -> kernels.scatterAddRows(rows, ids, table))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining(place);
      assertThatThrownBy(() -> kernels.rope(rows, 1, ids, table, false, rows))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining(place);
      assertThatThrownBy(() -> kernels.linearCrossEntropy(rows, table, ids, 1, 0, sums, null, null))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining(place);
    }
  }
}
