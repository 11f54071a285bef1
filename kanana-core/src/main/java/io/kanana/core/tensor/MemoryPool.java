package io.kanana.core.tensor;

import io.kanana.core.error.BackendException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps blocks that were given back and hands them out again by exact size. The sizes of a training
 * step repeat from step to step, so nothing more clever pays.
 *
 * <p>Not safe for use by several threads.
 */
public final class MemoryPool implements AutoCloseable {
  /** Makes and frees blocks of a back end's memory. */
  public interface Allocator {
    /** A block of at least {@code capacity} elements, contents undefined. */
    Storage allocate(DType dtype, long capacity);

    /** Frees a block that {@link #allocate} made. */
    void free(Storage storage);
  }

  /** More elements than this have more bytes than can be counted. */
  private static final long LARGEST = Long.MAX_VALUE / 32;

  private record Size(DType dtype, long capacity) {}

  private final Allocator allocator;
  private final Map<Size, ArrayDeque<Storage>> free = new HashMap<>();
  private long heldBytes;
  private long peakBytes;

  public MemoryPool(Allocator allocator) {
    this.allocator = allocator;
  }

  Storage acquire(DType dtype, long capacity) {
    ArrayDeque<Storage> blocks = free.get(new Size(dtype, capacity));
    if (blocks != null && !blocks.isEmpty()) {
      return blocks.pop();
    }
    if (capacity > LARGEST) {
      throw new BackendException("no memory for " + capacity + " elements of " + dtype);
    }
    Storage storage = allocator.allocate(dtype, capacity);
    heldBytes += bytes(storage);
    peakBytes = Math.max(peakBytes, heldBytes);
    return storage;
  }

  void giveBack(Storage storage) {
    free.computeIfAbsent(new Size(storage.dtype(), storage.capacity()), size -> new ArrayDeque<>())
        .push(storage);
  }

  /** Frees every block that nobody holds: between phases whose sizes differ. */
  public void trim() {
    free.values().forEach(blocks -> blocks.forEach(this::free));
    free.clear();
  }

  private void free(Storage storage) {
    heldBytes -= bytes(storage);
    allocator.free(storage);
  }

  private static long bytes(Storage storage) {
    return storage.capacity() * storage.dtype().bytes();
  }

  /** Bytes taken from the back end now, handed out or kept. */
  public long heldBytes() {
    return heldBytes;
  }

  /** The most bytes ever taken from the back end. */
  public long peakBytes() {
    return peakBytes;
  }

  @Override
  public void close() {
    trim();
  }
}
