package io.kanana.core.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.tensor.KernelContractTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The contract, with what this machine has; the build runs it again with the narrower vectors and
 * the products that other machines have to do with.
 */
@Tag("vector-width")
class CpuBackendTest extends KernelContractTest {
  CpuBackendTest() {
    super(new CpuBackendProvider(), 2);
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
