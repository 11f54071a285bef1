package io.kanana.core.tensor.nd4j;

import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.HostStorage;
import io.kanana.core.tensor.Storage;
import java.lang.foreign.MemorySegment;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A block that is an {@link INDArray}. */
sealed interface ArrayStorage extends Storage {
  Views views();

  @Override
  default long capacity() {
    return views().whole.length();
  }

  @Override
  default DType dtype() {
    return DTypes.of(views().whole.dataType());
  }

  /** In the host's memory: ND4J's CPU back end. */
  record Host(Views views, MemorySegment segment) implements ArrayStorage, HostStorage {}

  /** In a device's memory. */
  record Device(Views views) implements ArrayStorage {}

  /** Over an array, dense and in row-major order, which stays the caller's. */
  static ArrayStorage of(INDArray array) {
    Views views = new Views(array);
    return Nd4j.getEnvironment().isCPU() ? new Host(views, segment(array)) : new Device(views);
  }

  @SuppressWarnings("restricted") // the address is the array's, whose length is known
  private static MemorySegment segment(INDArray array) {
    long bytes = array.length() * array.dataType().width();
    long address = array.data().addressPointer().address();
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  /**
   * Views of an array. Blocks come back every step and are cut in the same ways, and a view costs
   * more than many an operation, so they are kept.
   */
  final class Views {
    private final INDArray whole;
    private final Map<LongBuffer, INDArray> known = new HashMap<>();

    private Views(INDArray whole) {
      this.whole = whole;
    }

    INDArray whole() {
      return whole;
    }

    /** Kept until the block is freed. */
    INDArray kept(long offset, long[] shape, long[] strides) {
      LongBuffer key = LongBuffer.allocate(2 + shape.length + strides.length);
      key.put(offset).put(shape.length).put(shape).put(strides).flip();
      return known.computeIfAbsent(key, unknown -> fresh(offset, shape, strides));
    }

    /** For cuts that hardly come back. */
    INDArray fresh(long offset, long[] shape, long[] strides) {
      // offsets count from the start of the memory, also where the array is a view itself
      return Nd4j.create(whole.data(), shape, strides, whole.offset() + offset, 'c');
    }
  }
}
