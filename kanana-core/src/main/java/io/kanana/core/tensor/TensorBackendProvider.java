package io.kanana.core.tensor;

/** How a back end is found: a service by this name in {@code META-INF/services}. */
public interface TensorBackendProvider {
  /** The name in {@code backend: cpu}. */
  String name();

  /** Among those that are usable, the one of the highest rank is the default. */
  int rank();

  /**
   * Why it cannot run here, or an empty text when it can. Must be quick and must not load what it
   * tests for.
   */
  String obstacle();

  /**
   * Opens it.
   *
   * @param threads how many threads its kernels may use, at least 1
   */
  TensorBackend open(int threads);
}
