package io.kanana.core.tensor.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * A profiler interrupts threads by signals, also in the middle of a product. A kernel that uses the
 * stack pointer for something else, as oneDNN's up to 3.11.1 did, then writes over other memory:
 * where that comes back, this test brings the virtual machine down.
 */
@SuppressWarnings("restricted")
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class InterruptedProductTest {
  private static final int SIGALRM = 14;
  private static final int PRODUCTS = 400;
  private static final long PAUSE_NANOS = 50_000;

  private static MethodHandle function(String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(address(name), type);
  }

  private static MemorySegment address(String name) {
    return Linker.nativeLinker().defaultLookup().findOrThrow(name);
  }

  @Test
  void productsBearSignals() throws Throwable {
    MethodHandle signal = function("signal", FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS));
    // a handler that does nothing: the absolute value of the signal's number
    MemorySegment before = (MemorySegment) signal.invokeExact(SIGALRM, address("abs"));
    int thread = (int) function("gettid", FunctionDescriptor.of(JAVA_INT)).invokeExact();
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      Future<Integer> interruptions = other.submit(() -> interrupt(thread, done));
      try {
        multiply();
      } finally {
        done.set(true);
      }
      assertThat(interruptions.get()).isGreaterThan(100);
    } finally {
      MemorySegment ours = (MemorySegment) signal.invokeExact(SIGALRM, before);
      assertThat(ours).isEqualTo(address("abs"));
    }
  }

  private static int interrupt(int thread, AtomicBoolean done) throws Exception {
    FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    MethodHandle kill = function("tgkill", type);
    int process = Math.toIntExact(ProcessHandle.current().pid());
    int signals = 0;
    while (!done.get()) {
      try {
        int status = (int) kill.invokeExact(process, thread, SIGALRM);
        assertThat(status).isZero();
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
      signals++;
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return signals;
  }

  private static void multiply() {
    try (TensorBackend backend = new CpuBackendProvider().open(1);
        Scope scope = backend.scope("test")) {
      assumeThat(backend.description()).contains("oneDNN");
      Tensor a = normal(backend, scope, "a", 512, 384);
      Tensor b = normal(backend, scope, "b", 256, 384);
      Tensor out = scope.allocate(DType.F32, 512, 256);
      double[] first = null;
      for (int i = 0; i < PRODUCTS; i++) {
        backend.kernels().matmul(a, false, b, true, out, false);
        first = first == null ? backend.doubles(out) : first;
      }
      assertThat(backend.doubles(out)).isEqualTo(first);
    }
  }

  private static Tensor normal(
      TensorBackend backend, Scope scope, String name, int rows, int columns) {
    float[] values = new float[rows * columns];
    RandomKey.of(1).child(name).fillGaussian(values, 0, 1);
    Tensor tensor = scope.allocate(DType.F32, rows, columns);
    backend.write(values, tensor);
    return tensor;
  }
}
