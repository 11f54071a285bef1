package io.kanana.core.tensor;

import java.util.function.Consumer;

/** What the families of the contract share. */
public interface BackendFixture {
  /** The provider under test. */
  TensorBackendProvider provider();

  /** The back end under test, open. */
  TensorBackend backend();

  /** The oracle. */
  TensorBackend reference();

  /** Runs a comparison with operands at the start of their memory, then in the middle of it. */
  default void compare(Consumer<Equivalence> comparison) {
    for (int offset : new int[] {0, 3}) {
      try (Equivalence equivalence = new Equivalence(backend(), reference(), offset)) {
        comparison.accept(equivalence);
      }
    }
  }
}
