package io.kanana.core.tensor.cpu;

import io.kanana.core.error.BackendException;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.HostStorage;
import io.kanana.core.tensor.MemoryPool;
import io.kanana.core.tensor.Storage;
import io.kanana.core.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Blocks of native memory, aligned to a cache line, a page, or for large blocks a huge page, and
 * freed at once. The C library's allocator is used because an {@link Arena} would write zeros over
 * every block first; where it is missing, arenas do.
 */
@SuppressWarnings("restricted")
final class CpuMemory implements MemoryPool.Allocator {
  private static final long CACHE_LINE = 64;
  private static final long PAGE = 4096;
  private static final long HUGE_PAGE = 2 << 20;
  private static final int MADV_HUGEPAGE = 14;

  /** A vector that is cut off by a mask may still be read whole on some processors. */
  private static final long SLACK = 256;

  private record Block(DType dtype, long capacity, MemorySegment segment, Arena arena)
      implements HostStorage {}

  private final MethodHandle alignedAlloc = find("aligned_alloc", "PJJ");
  private final MethodHandle free = find("free", "VP");
  private final MethodHandle madvise = isLinux() ? find("madvise", "IPJI") : null;

  private static boolean isLinux() {
    return System.getProperty("os.name").equals("Linux");
  }

  private static MethodHandle find(String name, String signature) {
    SymbolLookup library = Linker.nativeLinker().defaultLookup();
    return library
        .find(name)
        .map(symbol -> Linker.nativeLinker().downcallHandle(symbol, descriptor(signature)))
        .orElse(null);
  }

  private static FunctionDescriptor descriptor(String signature) {
    return switch (signature) {
      case "PJJ" ->
          FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
      case "VP" -> FunctionDescriptor.ofVoid(ValueLayout.ADDRESS);
      default ->
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT);
    };
  }

  /** The address of a tensor's first element. */
  static long address(Tensor tensor) {
    if (tensor.storage() instanceof HostStorage storage) {
      return storage.segment().address() + tensor.offset() * tensor.dtype().bytes();
    }
    throw new BackendException(tensor + " lives in memory that the processor cannot address");
  }

  /** The elements of a tensor. */
  static MemorySegment segment(Tensor tensor) {
    if (tensor.storage() instanceof HostStorage storage) {
      long bytes = tensor.dtype().bytes();
      return storage.segment().asSlice(tensor.offset() * bytes, tensor.size() * bytes);
    }
    throw new BackendException(tensor + " lives in memory that the processor cannot address");
  }

  @Override
  public Storage allocate(DType dtype, long capacity) {
    long bytes = Math.multiplyExact(capacity, dtype.bytes());
    return alignedAlloc == null || free == null
        ? allocateInArena(dtype, capacity, bytes)
        : allocateNatively(dtype, capacity, bytes);
  }

  @SuppressWarnings("MustBeClosedChecker") // the block closes it when it is freed
  private static Storage allocateInArena(DType dtype, long capacity, long bytes) {
    Arena arena = Arena.ofShared();
    try {
      MemorySegment segment = arena.allocate(bytes + SLACK, alignment(bytes));
      return new Block(dtype, capacity, segment.asSlice(0, bytes), arena);
    } catch (OutOfMemoryError e) {
      throw exhausted(dtype, capacity);
    }
  }

  private Storage allocateNatively(DType dtype, long capacity, long bytes) {
    long alignment = alignment(bytes);
    long padded = (Math.addExact(bytes, SLACK) + alignment - 1) / alignment * alignment;
    try {
      MemorySegment address = (MemorySegment) alignedAlloc.invokeExact(alignment, padded);
      if (address.address() == 0) {
        throw exhausted(dtype, capacity);
      }
      if (alignment == HUGE_PAGE && madvise != null) {
        // a hint: it fails where huge pages are off, and then pages are small
        int ignored = (int) madvise.invokeExact(address, padded, MADV_HUGEPAGE);
      }
      return new Block(dtype, capacity, address.reinterpret(bytes), null);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static long alignment(long bytes) {
    return bytes >= 2 * HUGE_PAGE ? HUGE_PAGE : bytes >= PAGE ? PAGE : CACHE_LINE;
  }

  private static BackendException exhausted(DType dtype, long capacity) {
    return new BackendException(
        "no memory for "
            + capacity
            + " elements of "
            + dtype
            + " ("
            + ((capacity * dtype.bytes()) >> 20)
            + " MiB); use a smaller batch, context or model");
  }

  @Override
  public void free(Storage storage) {
    Block block = (Block) storage;
    if (block.arena() != null) {
      block.arena().close();
      return;
    }
    try {
      free.invokeExact(block.segment());
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
