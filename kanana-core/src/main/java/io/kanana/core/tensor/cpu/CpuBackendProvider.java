package io.kanana.core.tensor.cpu;

import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackendProvider;

/** Offers the back end {@code cpu}. */
public final class CpuBackendProvider implements TensorBackendProvider {
  @Override
  public String name() {
    return CpuBackend.NAME;
  }

  @Override
  public int rank() {
    return 100;
  }

  @Override
  public String obstacle() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        ? ""
        : "the Vector API is not there; start Java with --add-modules=jdk.incubator.vector";
  }

  @Override
  public TensorBackend open(int threads) {
    return CpuBackend.open(threads);
  }
}
