package io.kanana.core.tensor.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.tensor.KernelContractTest;
import org.junit.jupiter.api.Test;

/** One thread: on a busy machine those of ND4J wait for one another at every operation. */
class Nd4jBackendTest extends KernelContractTest {
  Nd4jBackendTest() {
    super(new Nd4jBackendProvider(), 1);
  }

  @Test
  void saysWhichNd4jItIs() {
    assertThat(backend().description()).startsWith("ND4J 1.0.0-M2.1 on ").endsWith("1 thread");
  }
}
