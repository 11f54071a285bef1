package io.kanana.core.tensor.cpu;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.kanana.core.error.BackendException;
import io.kanana.core.tensor.CheckedKernels;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.MemoryPool;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The back end {@code cpu}. */
final class CpuBackend implements TensorBackend {
  static final String NAME = "cpu";

  /** {@code vector} for products without oneDNN. */
  static final String GEMM_PROPERTY = "kanana.cpu.gemm";

  private static final Logger LOG = LoggerFactory.getLogger(CpuBackend.class);

  private final Workers workers;
  private final MatrixProduct product;
  private final CpuKernels kernels;
  private final Kernels checked;
  private final MemoryPool pool;

  private CpuBackend(Workers workers, MatrixProduct product, CpuMemory memory) {
    this.workers = workers;
    this.product = product;
    this.kernels = new CpuKernels(workers, product, memory);
    this.checked = new CheckedKernels(kernels);
    this.pool = new MemoryPool(memory);
  }

  static CpuBackend open(int threads) {
    checkVectorBits();
    Workers workers = new Workers(threads);
    CpuMemory memory = new CpuMemory();
    return new CpuBackend(workers, product(workers, memory), memory);
  }

  /** Before {@link Lanes} reads it, where a mistake would break the class for good. */
  private static void checkVectorBits() {
    String bits = System.getProperty(Lanes.BITS_PROPERTY);
    if (bits != null && !List.of("128", "256", "512").contains(bits)) {
      throw new BackendException(
          Lanes.BITS_PROPERTY + " is '" + bits + "'; it can be 128, 256 or 512");
    }
  }

  private static MatrixProduct product(Workers workers, CpuMemory memory) {
    String chosen = System.getProperty(GEMM_PROPERTY, "onednn");
    return switch (chosen) {
      case "vector" -> new VectorProduct(workers, memory, "chosen by " + GEMM_PROPERTY);
      case "onednn" -> oneDnnIfPossible(workers, memory);
      default ->
          throw new BackendException(
              GEMM_PROPERTY + " is '" + chosen + "'; it can be onednn or vector");
    };
  }

  private static MatrixProduct oneDnnIfPossible(Workers workers, CpuMemory memory) {
    try {
      return OneDnnProduct.open(workers, memory);
    } catch (IOException e) {
      LOG.warn("matrix products run without oneDNN, which is slower: {}", e.getMessage());
      return new VectorProduct(workers, memory, e.getMessage());
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return String.format(
        Locale.ROOT,
        "%s, Vector API %d bits, %d thread%s",
        product.description(),
        Lanes.F32.vectorBitSize(),
        workers.count(),
        workers.count() == 1 ? "" : "s");
  }

  @Override
  public Kernels kernels() {
    return checked;
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
    MemorySegment segment = CpuMemory.segment(out);
    if (out.dtype() == DType.F32) {
      MemorySegment.copy(source, 0, segment, JAVA_FLOAT, 0, source.length);
      return;
    }
    for (int i = 0; i < source.length; i++) {
      set(segment, out.dtype(), i, source[i]);
    }
  }

  @Override
  public void write(double[] source, Tensor out) {
    check("write", isFloating(out), source.length, out);
    MemorySegment segment = CpuMemory.segment(out);
    for (int i = 0; i < source.length; i++) {
      set(segment, out.dtype(), i, source[i]);
    }
  }

  private static void set(MemorySegment segment, DType dtype, long index, double value) {
    switch (dtype) {
      case F32 -> segment.setAtIndex(JAVA_FLOAT, index, (float) value);
      case BF16 -> segment.setAtIndex(JAVA_SHORT, index, Lanes.toBf16((float) value));
      case F64 -> segment.setAtIndex(JAVA_DOUBLE, index, value);
      case I32 -> segment.setAtIndex(JAVA_INT, index, (int) value);
    }
  }

  private static double get(MemorySegment segment, DType dtype, long index) {
    return switch (dtype) {
      case F32 -> segment.getAtIndex(JAVA_FLOAT, index);
      case BF16 -> Lanes.fromBf16(segment.getAtIndex(JAVA_SHORT, index));
      case F64 -> segment.getAtIndex(JAVA_DOUBLE, index);
      case I32 -> segment.getAtIndex(JAVA_INT, index);
    };
  }

  @Override
  public void write(int[] source, Tensor out) {
    check("write", out.dtype() == DType.I32, source.length, out);
    MemorySegment.copy(source, 0, CpuMemory.segment(out), JAVA_INT, 0, source.length);
  }

  @Override
  public void read(Tensor source, float[] out) {
    check("read", isFloating(source), out.length, source);
    MemorySegment segment = CpuMemory.segment(source);
    if (source.dtype() == DType.F32) {
      MemorySegment.copy(segment, JAVA_FLOAT, 0, out, 0, out.length);
      return;
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) get(segment, source.dtype(), i);
    }
  }

  @Override
  public void read(Tensor source, double[] out) {
    check("read", isFloating(source), out.length, source);
    MemorySegment segment = CpuMemory.segment(source);
    for (int i = 0; i < out.length; i++) {
      out[i] = get(segment, source.dtype(), i);
    }
  }

  @Override
  public void read(Tensor source, int[] out) {
    check("read", source.dtype() == DType.I32, out.length, source);
    MemorySegment.copy(CpuMemory.segment(source), JAVA_INT, 0, out, 0, out.length);
  }

  @Override
  public void close() {
    workers.close();
    kernels.close();
    pool.close();
  }
}
