package io.kanana.core.tensor.reference;

import io.kanana.core.tensor.CheckedKernels;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.MemoryPool;
import io.kanana.core.tensor.Storage;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;

/** The back end that is slow and obviously right. */
public final class ReferenceBackend implements TensorBackend {
  private final Kernels kernels = new CheckedKernels(new ReferenceKernels());
  private final MemoryPool pool = new MemoryPool(new Heap());

  private static final class Heap implements MemoryPool.Allocator {
    @Override
    public Storage allocate(DType dtype, long capacity) {
      return ReferenceStorage.of(dtype, Math.toIntExact(capacity));
    }

    @Override
    public void free(Storage storage) {}
  }

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String description() {
    return "plain loops in double";
  }

  @Override
  public Kernels kernels() {
    return kernels;
  }

  @Override
  public MemoryPool pool() {
    return pool;
  }

  @Override
  public void write(float[] source, Tensor out) {
    View view = View.of(out);
    for (int i = 0; i < source.length; i++) {
      view.set(i, source[i]);
    }
  }

  @Override
  public void write(double[] source, Tensor out) {
    View view = View.of(out);
    System.arraycopy(source, 0, view.values(), view.offset(), source.length);
  }

  @Override
  public void write(int[] source, Tensor out) {
    ReferenceStorage storage = (ReferenceStorage) out.storage();
    System.arraycopy(source, 0, storage.ints(), Math.toIntExact(out.offset()), source.length);
  }

  @Override
  public void read(Tensor source, float[] out) {
    View view = View.of(source);
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) view.get(i);
    }
  }

  @Override
  public void read(Tensor source, double[] out) {
    View view = View.of(source);
    System.arraycopy(view.values(), view.offset(), out, 0, out.length);
  }

  @Override
  public void read(Tensor source, int[] out) {
    System.arraycopy(View.ints(source), 0, out, 0, out.length);
  }

  @Override
  public void close() {
    pool.close();
  }
}
