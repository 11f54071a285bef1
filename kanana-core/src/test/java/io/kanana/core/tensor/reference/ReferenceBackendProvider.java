package io.kanana.core.tensor.reference;

import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackendProvider;

/** Makes the oracle available to tests under the name {@code reference}. */
public final class ReferenceBackendProvider implements TensorBackendProvider {
  @Override
  public String name() {
    return "reference";
  }

  @Override
  public int rank() {
    return Integer.MIN_VALUE;
  }

  @Override
  public String obstacle() {
    return "";
  }

  @Override
  public TensorBackend open(int threads) {
    return new ReferenceBackend();
  }
}
