package io.kanana.core.model;

import io.kanana.core.error.BackendException;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.MemoryPool;
import io.kanana.core.tensor.Storage;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;

/** The reference, until so many blocks of memory were taken. */
final class ScarceBackend implements TensorBackend {
  private final TensorBackend reference = TensorBackends.open("reference", 1);
  private final MemoryPool pool = new MemoryPool(new Scarce());
  private int left;

  ScarceBackend(int blocks) {
    left = blocks;
  }

  private final class Scarce implements MemoryPool.Allocator {
    @Override
    public Storage allocate(DType dtype, long capacity) {
      if (left == 0) {
        throw new BackendException("no memory");
      }
      left--;
      return reference.scope("block").allocate(dtype, Math.toIntExact(capacity)).storage();
    }

    @Override
    public void free(Storage storage) {
      left++;
    }
  }

  @Override
  public String name() {
    return "scarce";
  }

  @Override
  public String description() {
    return "the reference with little memory";
  }

  @Override
  public Kernels kernels() {
    return reference.kernels();
  }

  @Override
  public MemoryPool pool() {
    return pool;
  }

  @Override
  public void write(float[] source, Tensor out) {
    reference.write(source, out);
  }

  @Override
  public void write(double[] source, Tensor out) {
    reference.write(source, out);
  }

  @Override
  public void write(int[] source, Tensor out) {
    reference.write(source, out);
  }

  @Override
  public void read(Tensor source, float[] out) {
    reference.read(source, out);
  }

  @Override
  public void read(Tensor source, double[] out) {
    reference.read(source, out);
  }

  @Override
  public void read(Tensor source, int[] out) {
    reference.read(source, out);
  }

  @Override
  public void close() {
    reference.close();
  }
}
