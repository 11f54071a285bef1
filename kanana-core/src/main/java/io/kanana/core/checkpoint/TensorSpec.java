package io.kanana.core.checkpoint;

import io.kanana.core.error.CheckpointException;
import java.util.Arrays;
import java.util.List;

/**
 * What a stored tensor is, without its elements.
 *
 * @param name not empty
 * @param type of every element
 * @param shape row-major; no axes for a single number
 */
public record TensorSpec(String name, StoredType type, List<Long> shape) {
  /**
   * @throws CheckpointException if an axis is negative or the size does not fit 63 bits
   */
  public TensorSpec {
    shape = List.copyOf(shape);
    byteSize(name, type, shape);
  }

  public static TensorSpec of(String name, StoredType type, long... shape) {
    return new TensorSpec(name, type, Arrays.stream(shape).boxed().toList());
  }

  public long elements() {
    return bytes() / type.bytes();
  }

  public long bytes() {
    return byteSize(name, type, shape);
  }

  private static long byteSize(String name, StoredType type, List<Long> shape) {
    long size = type.bytes();
    boolean overflow = false;
    boolean empty = false;
    for (long axis : shape) {
      if (axis < 0) {
        throw new CheckpointException(
            "tensor " + Quoted.of(name) + " has shape " + shape + "; no axis may be negative");
      }
      empty |= axis == 0;
      overflow |= Math.multiplyHigh(size, axis) != 0 || size * axis < 0;
      size *= axis;
    }
    if (overflow && !empty) {
      throw new CheckpointException(
          "tensor " + Quoted.of(name) + " has shape " + shape + "; its size must fit 63 bits");
    }
    return empty ? 0 : size;
  }
}
