package io.kanana.core.tensor.cpu;

import io.kanana.core.tensor.KernelContractTest;

class CpuBackendTest extends KernelContractTest {
  CpuBackendTest() {
    super(new CpuBackendProvider(), 2);
  }
}
