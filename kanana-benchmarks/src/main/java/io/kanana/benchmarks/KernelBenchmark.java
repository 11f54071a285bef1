package io.kanana.benchmarks;

import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One kernel of one back end by the Java Microbenchmark Harness, which starts a JVM for each. It is
 * neither abstract nor final because the harness extends it.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KernelBenchmark {
  /** The name of a {@link KernelCase}. */
  @Param("rmsNorm")
  public String kernel;

  @Param("cpu")
  public String backend;

  @Param("1")
  public int computeThreads;

  private TensorBackend opened;
  private Scope scope;
  private Kernels kernels;
  private Consumer<Kernels> call;

  @Setup
  public void open() {
    opened = TensorBackends.open(backend, computeThreads);
    scope = opened.scope("benchmark");
    kernels = opened.kernels();
    call = KernelCase.named(kernel).prepare().apply(new KernelInputs(opened, scope));
  }

  @Benchmark
  public void run() {
    call.accept(kernels);
  }

  @TearDown
  public void close() {
    scope.close();
    opened.close();
  }
}
