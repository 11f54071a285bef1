package io.kanana.core.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/**
 * A tensor to be written. The elements are asked for when their turn comes, once, and not kept;
 * they are converted on their way out, so a model is saved with the memory of one tensor.
 *
 * @param spec what the file will hold
 * @param source the type of {@code data}: that of {@code spec}, or another floating type
 * @param data all elements, little-endian, in native memory or an array
 */
public record TensorContent(TensorSpec spec, StoredType source, Supplier<MemorySegment> data) {
  /** A tensor of another file, as it is. */
  public static TensorContent of(StoredTensor tensor) {
    return new TensorContent(tensor.spec(), tensor.spec().type(), tensor::data);
  }

  /** An F32 tensor, whose values are asked for when they are written. */
  public static TensorContent of(TensorSpec spec, Supplier<float[]> values) {
    return new TensorContent(spec, StoredType.F32, () -> MemorySegment.ofArray(values.get()));
  }

  /** An F64 tensor, whose values are asked for when they are written. */
  public static TensorContent ofDoubles(TensorSpec spec, Supplier<double[]> values) {
    return new TensorContent(spec, StoredType.F64, () -> MemorySegment.ofArray(values.get()));
  }

  /** The same elements rounded to another floating type. */
  public TensorContent as(StoredType type) {
    return new TensorContent(new TensorSpec(spec.name(), type, spec.shape()), source, data);
  }
}
