package io.kanana.core.tensor;

import io.kanana.core.error.BackendException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Owns the tensors made in it and gives their memory back, at once, when it is closed. Memory comes
 * from the back end's pool, so a scope that is opened and closed every step allocates nothing after
 * the first.
 *
 * <p>Not safe for use by several threads.
 */
public final class Scope implements AutoCloseable {
  /** A block of memory and whether it is still held. */
  static final class Block {
    private final String scope;
    private final int index;
    private final boolean borrowed;
    private Storage storage;

    Block(String scope, int index, Storage storage, boolean borrowed) {
      this.scope = scope;
      this.index = index;
      this.storage = storage;
      this.borrowed = borrowed;
    }

    Storage storage(Tensor tensor) {
      if (storage == null) {
        throw new BackendException(
            tensor + " of scope '" + scope + "' was used after its memory was given back");
      }
      return storage;
    }
  }

  private final String name;
  private final MemoryPool pool;
  private final List<Block> blocks = new ArrayList<>();
  private boolean closed;

  Scope(String name, MemoryPool pool) {
    this.name = name;
    this.pool = pool;
  }

  /** A tensor whose elements are undefined. */
  public Tensor allocate(DType dtype, int... shape) {
    checkOpen();
    return add(pool.acquire(dtype, Tensor.size(shape)), false, shape);
  }

  /**
   * A tensor over memory that is not the pool's. It stays its owner's, who must keep it until the
   * scope is closed; then it is forgotten.
   */
  public Tensor borrow(Storage storage, int... shape) {
    checkOpen();
    if (Tensor.size(shape) > storage.capacity()) {
      throw new BackendException(
          "a tensor of "
              + Arrays.toString(shape)
              + " does not fit into "
              + storage.capacity()
              + " elements");
    }
    return add(storage, true, shape);
  }

  private void checkOpen() {
    if (closed) {
      throw new BackendException("scope '" + name + "' is closed and cannot make a tensor");
    }
  }

  private Tensor add(Storage storage, boolean borrowed, int... shape) {
    Block block = new Block(name, blocks.size(), storage, borrowed);
    blocks.add(block);
    return new Tensor(block, storage.dtype(), 0, shape.clone());
  }

  /**
   * Gives the memory of a tensor back before the scope is closed; the tensor and its views must not
   * be used any more. Releasing it again does nothing.
   */
  public void release(Tensor tensor) {
    Block block = tensor.block();
    if (block.storage == null) {
      return;
    }
    if (block.index >= blocks.size() || blocks.get(block.index) != block) {
      throw new BackendException(tensor + " does not belong to scope '" + name + "'");
    }
    giveBack(block);
  }

  /** A point in time: see {@link #releaseSince}. */
  public int mark() {
    return blocks.size();
  }

  /** Releases everything made since the mark, but for the memory of {@code kept}. */
  public void releaseSince(int mark, Tensor kept) {
    for (int i = mark; i < blocks.size(); i++) {
      if (blocks.get(i) != kept.block()) {
        giveBack(blocks.get(i));
      }
    }
  }

  /** A tensor whose elements are zero. */
  public Tensor zeros(Kernels kernels, DType dtype, int... shape) {
    Tensor tensor = allocate(dtype, shape);
    kernels.fill(tensor, 0);
    return tensor;
  }

  private void giveBack(Block block) {
    if (block.storage != null && !block.borrowed) {
      pool.giveBack(block.storage);
    }
    block.storage = null;
  }

  @Override
  public void close() {
    closed = true;
    blocks.forEach(this::giveBack);
    blocks.clear();
  }
}
