package io.kanana.core.tensor.cpu;

import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.HostStorage;

/** A block of memory that grows to the largest size asked for and is then used again and again. */
final class Scratch implements AutoCloseable {
  private final CpuMemory memory;
  private HostStorage block;

  Scratch(CpuMemory memory) {
    this.memory = memory;
  }

  /** The address of at least {@code bytes} undefined bytes, until the next call. */
  long bytes(long bytes) {
    if (block == null || block.capacity() * Float.BYTES < bytes) {
      close();
      block = (HostStorage) memory.allocate(DType.F32, (bytes + 3) / Float.BYTES);
    }
    return block.segment().address();
  }

  /** As many scratch blocks as there are threads. */
  static Scratch[] perWorker(CpuMemory memory, Workers workers) {
    Scratch[] blocks = new Scratch[workers.count()];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = new Scratch(memory);
    }
    return blocks;
  }

  @Override
  public void close() {
    if (block != null) {
      memory.free(block);
      block = null;
    }
  }
}
