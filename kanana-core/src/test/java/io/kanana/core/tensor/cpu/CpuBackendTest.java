package io.kanana.core.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.BackendException;
import io.kanana.core.tensor.KernelContractTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract, with what this machine has; the build runs it again with the narrower vectors and
 * the products that other machines have to do with.
 */
@Tag("vector-width")
class CpuBackendTest extends KernelContractTest {
  CpuBackendTest() {
    super(new CpuBackendProvider(), 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"100", "0", "", "wide"})
  void aWidthThatVectorsDoNotHaveIsRefused(String bits) {
    String before = System.getProperty(Lanes.BITS_PROPERTY);
    System.setProperty(Lanes.BITS_PROPERTY, bits);
    try {
      assertThatThrownBy(() -> new CpuBackendProvider().open(1))
          .isInstanceOf(BackendException.class)
          .hasMessage(Lanes.BITS_PROPERTY + " is '" + bits + "'; it can be 128, 256 or 512");
    } finally {
      restore(before);
    }
  }

  private static void restore(String bits) {
    if (bits == null) {
      System.clearProperty(Lanes.BITS_PROPERTY);
    } else {
      System.setProperty(Lanes.BITS_PROPERTY, bits);
    }
  }

  @Test
  void descriptionSaysWhatRuns() {
    int bits = Integer.getInteger(Lanes.BITS_PROPERTY, Lanes.F32.vectorBitSize());
    assertThat(backend().description()).endsWith("Vector API " + bits + " bits, 2 threads");
    if ("vector".equals(System.getProperty(CpuBackend.GEMM_PROPERTY))) {
      assertThat(backend().description()).startsWith("vector products (chosen by kanana.cpu.gemm)");
    }
  }
}
