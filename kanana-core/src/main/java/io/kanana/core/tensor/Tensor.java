package io.kanana.core.tensor;

import io.kanana.core.error.BackendException;
import java.util.Arrays;

/**
 * A dense row-major array in a back end's memory: a shape over a range of a {@link Storage}.
 *
 * <p>It belongs to the {@link Scope} that made it and must not be used after that scope was closed
 * or the tensor was released; views share the storage and the fate of their origin. Immutable but
 * for the elements; the elements are written by one thread at a time.
 */
public final class Tensor {
  private final Scope.Block block;
  private final DType dtype;
  private final long offset;
  private final int[] shape;
  private final long size;

  Tensor(Scope.Block block, DType dtype, long offset, int... shape) {
    this.block = block;
    this.dtype = dtype;
    this.offset = offset;
    this.shape = shape;
    this.size = size(shape);
  }

  /** The number of elements of a shape. */
  public static long size(int... shape) {
    long size = 1;
    for (int dim : shape) {
      if (dim < 0) {
        throw new BackendException("shape " + Arrays.toString(shape) + " has a negative dimension");
      }
      if (dim > 0 && size > Long.MAX_VALUE / dim) {
        throw new BackendException(
            "shape " + Arrays.toString(shape) + " has more elements than can be counted");
      }
      size *= dim;
    }
    return size;
  }

  public DType dtype() {
    return dtype;
  }

  public int rank() {
    return shape.length;
  }

  /** The extent of an axis; negative axes count from the last. */
  public int dim(int axis) {
    return shape[axis < 0 ? shape.length + axis : axis];
  }

  public int[] shape() {
    return shape.clone();
  }

  /** The number of elements. */
  public long size() {
    return size;
  }

  /** The number of rows when all axes but the last are taken as one. */
  public int rows() {
    long rows = shape.length == 0 ? 1 : size / Math.max(1, dim(-1));
    if (rows > Integer.MAX_VALUE) {
      throw new BackendException(this + " has more rows than an operation can take");
    }
    return (int) rows;
  }

  /** Where the first element lies in {@link #storage()}, in elements. */
  public long offset() {
    return offset;
  }

  /** The memory; refused after the scope was closed or the tensor released. For back ends. */
  public Storage storage() {
    return block.storage(this);
  }

  /** Whether both lie in the same block of memory. */
  public boolean sharesMemoryWith(Tensor other) {
    return block == other.block;
  }

  /** The same elements under another shape. */
  public Tensor reshape(int... newShape) {
    if (size(newShape) != size) {
      throw new BackendException(this + " cannot be viewed as " + Arrays.toString(newShape));
    }
    return new Tensor(block, dtype, offset, newShape.clone());
  }

  /** Rows {@code from} to {@code to} (exclusive) along the first axis, without a copy. */
  public Tensor slice(int from, int to) {
    if (from < 0 || to < from || to > shape[0]) {
      throw new BackendException("rows " + from + " to " + to + " of " + this + " do not exist");
    }
    int[] part = shape.clone();
    part[0] = to - from;
    long stride = shape[0] == 0 ? 0 : size / shape[0];
    return new Tensor(block, dtype, offset + from * stride, part);
  }

  Scope.Block block() {
    return block;
  }

  @Override
  public String toString() {
    return dtype + Arrays.toString(shape);
  }
}
