package io.kanana.core.tensor.nd4j;

import io.kanana.core.tensor.KernelContractTest;

class Nd4jBackendTest extends KernelContractTest {
  Nd4jBackendTest() {
    super(new Nd4jBackendProvider(), 1); // on a busy machine its threads wait for one another
  }
}
