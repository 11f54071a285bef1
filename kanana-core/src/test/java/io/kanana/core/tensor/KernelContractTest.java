package io.kanana.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What every back end must keep: each operation agrees with the reference, and memory behaves. The
 * author of a back end extends this with the provider:
 *
 * <pre>{@code
 * class MyBackendTest extends KernelContractTest {
 *   MyBackendTest() {
 *     super(new MyBackendProvider(), 2);
 *   }
 * }
 * }</pre>
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class KernelContractTest
    implements ElementContract,
        ProductContract,
        LayerContract,
        AttentionContract,
        HeadContract,
        DistillationContract,
        BoundsContract,
        MemoryContract {
  private final TensorBackendProvider provider;
  private final int threads;
  private TensorBackend backend;
  private TensorBackend reference;

  protected KernelContractTest(TensorBackendProvider provider, int threads) {
    this.provider = provider;
    this.threads = threads;
  }

  @BeforeAll
  final void openBackends() {
    assumeTrue(provider.obstacle().isEmpty(), provider.obstacle());
    backend = provider.open(threads);
    reference = TensorBackends.open("reference", 1);
  }

  @AfterAll
  final void closeBackends() {
    if (backend != null) {
      backend.close();
      reference.close();
    }
  }

  @Override
  public final TensorBackendProvider provider() {
    return provider;
  }

  @Override
  public final TensorBackend backend() {
    return backend;
  }

  @Override
  public final TensorBackend reference() {
    return reference;
  }

  /** So that an operation that is added to the interface is not forgotten here. */
  @Test
  final void everyOperationHasATest() {
    for (Method operation : Kernels.class.getMethods()) {
      String name = operation.getName().toLowerCase(Locale.ROOT);
      assertThat(Arrays.stream(KernelContractTest.class.getMethods()))
          .as(operation.getName())
          .anyMatch(test -> test.getName().toLowerCase(Locale.ROOT).startsWith(name));
    }
  }
}
