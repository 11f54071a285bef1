package io.kanana.core.tensor.nd4j;

import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackendProvider;
import java.util.List;

/** Offers the back end {@code nd4j}. */
public final class Nd4jBackendProvider implements TensorBackendProvider {
  private static final List<String> ND4J_BACKENDS =
      List.of(
          "org/nd4j/linalg/cpu/nativecpu/CpuBackend.class",
          "org/nd4j/linalg/jcublas/JCublasBackend.class");

  @Override
  public String name() {
    return Nd4jBackend.NAME;
  }

  @Override
  public int rank() {
    return 50;
  }

  @Override
  public String obstacle() {
    ClassLoader loader = Nd4jBackendProvider.class.getClassLoader();
    return ND4J_BACKENDS.stream().anyMatch(name -> loader.getResource(name) != null)
        ? ""
        : "none of ND4J's back ends is on the class path; add org.nd4j:nd4j-native for this platform";
  }

  @Override
  public TensorBackend open(int threads) {
    return Nd4jBackend.open(threads);
  }
}
