package io.kanana.core.tensor.nd4j;

import io.kanana.core.error.BackendException;
import io.kanana.core.tensor.CheckedKernels;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.MemoryPool;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import java.util.Locale;
import java.util.Properties;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The back end {@code nd4j}. */
final class Nd4jBackend implements TensorBackend {
  static final String NAME = "nd4j";

  private final int threads;
  private final Kernels kernels = new CheckedKernels(new Nd4jKernels(this));
  private final MemoryPool pool = new MemoryPool(new Nd4jMemory());

  private Nd4jBackend(int threads) {
    this.threads = threads;
  }

  /** ND4J has one number of threads for the whole process: that of the last one opened. */
  static Nd4jBackend open(int threads) {
    Nd4jRuntime.start();
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
    Nd4j.factory().blas().setMaxThreads(threads);
    return new Nd4jBackend(threads);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    Properties environment = Nd4j.getExecutioner().getEnvironmentInformation();
    return String.format(
        Locale.ROOT,
        "ND4J %s on %s, BLAS %s, %d thread%s",
        Nd4jRuntime.version(),
        environment.get("backend"),
        environment.get("blas.vendor"),
        threads,
        threads == 1 ? "" : "s");
  }

  @Override
  public Kernels kernels() {
    return kernels;
  }

  @Override
  public MemoryPool pool() {
    return pool;
  }

  private static void check(String operation, boolean valid, int length, Tensor tensor) {
    if (!valid || length != tensor.size()) {
      throw new BackendException(
          operation + " of " + length + " elements does not take a tensor of " + tensor);
    }
  }

  private static boolean isFloating(Tensor tensor) {
    return tensor.dtype() != DType.I32;
  }

  @Override
  public void write(float[] source, Tensor out) {
    check("write", isFloating(out), source.length, out);
    if (source.length > 0) {
      assignAndClose(Nd4j.createFromArray(source), out);
    }
  }

  @Override
  public void write(double[] source, Tensor out) {
    check("write", isFloating(out), source.length, out);
    if (source.length > 0) {
      assignAndClose(Nd4j.createFromArray(source), out);
    }
  }

  @Override
  public void write(int[] source, Tensor out) {
    check("write", out.dtype() == DType.I32, source.length, out);
    if (source.length > 0) {
      assignAndClose(Nd4j.createFromArray(source), out);
    }
  }

  private static void assignAndClose(INDArray source, Tensor out) {
    Cuts.vector(out).assign(source);
    source.close();
  }

  @Override
  public void read(Tensor source, float[] out) {
    check("read", isFloating(source), out.length, source);
    if (out.length > 0) {
      INDArray copy = copyAs(DataType.FLOAT, source);
      System.arraycopy(copy.data().asFloat(), 0, out, 0, out.length);
      copy.close();
    }
  }

  @Override
  public void read(Tensor source, double[] out) {
    check("read", isFloating(source), out.length, source);
    if (out.length > 0) {
      INDArray copy = copyAs(DataType.DOUBLE, source);
      System.arraycopy(copy.data().asDouble(), 0, out, 0, out.length);
      copy.close();
    }
  }

  @Override
  public void read(Tensor source, int[] out) {
    check("read", source.dtype() == DType.I32, out.length, source);
    if (out.length > 0) {
      INDArray copy = copyAs(DataType.INT32, source);
      System.arraycopy(copy.data().asInt(), 0, out, 0, out.length);
      copy.close();
    }
  }

  private static INDArray copyAs(DataType type, Tensor source) {
    INDArray copy = Nd4j.createUninitializedDetached(type, source.size());
    copy.assign(Cuts.vector(source));
    Nd4j.getExecutioner().commit();
    return copy;
  }

  @Override
  public void close() {
    pool.close();
  }
}
