package io.kanana.benchmarks;

import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.MemoryPool;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import java.util.function.LongSupplier;

/**
 * A back end whose kernels can be timed one by one. Until {@link #record} and after {@link #stop}
 * callers get the kernels themselves, so that nothing stands between.
 */
final class TimedBackend implements TensorBackend {
  private final TensorBackend backend;
  private final LongSupplier nanoClock;
  private Kernels timed;

  TimedBackend(TensorBackend backend, LongSupplier nanoClock) {
    this.backend = backend;
    this.nanoClock = nanoClock;
  }

  /** From now on each call adds to {@code times}. */
  void record(KernelTimes times) {
    timed =
        new TimedKernels(
            backend.kernels(),
            times,
            tensor -> {
              int[] values = new int[Math.toIntExact(tensor.size())];
              backend.read(tensor, values);
              return values;
            },
            nanoClock);
  }

  void stop() {
    timed = null;
  }

  @Override
  public Kernels kernels() {
    return timed == null ? backend.kernels() : timed;
  }

  @Override
  public String name() {
    return backend.name();
  }

  @Override
  public String description() {
    return backend.description();
  }

  @Override
  public MemoryPool pool() {
    return backend.pool();
  }

  @Override
  public void write(float[] source, Tensor out) {
    backend.write(source, out);
  }

  @Override
  public void write(double[] source, Tensor out) {
    backend.write(source, out);
  }

  @Override
  public void write(int[] source, Tensor out) {
    backend.write(source, out);
  }

  @Override
  public void read(Tensor source, float[] out) {
    backend.read(source, out);
  }

  @Override
  public void read(Tensor source, double[] out) {
    backend.read(source, out);
  }

  @Override
  public void read(Tensor source, int[] out) {
    backend.read(source, out);
  }

  @Override
  public void close() {
    backend.close();
  }
}
