package io.kanana.core.checkpoint;

import io.kanana.core.error.CheckpointException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A tensor of a file: a view of the mapped bytes, little-endian and perhaps not aligned to its
 * elements. It is valid until the file it came from is closed.
 */
public record StoredTensor(TensorSpec spec, MemorySegment data) {
  /**
   * @throws CheckpointException if the bytes are not as many as the shape needs
   */
  public StoredTensor {
    if (data.byteSize() != spec.bytes()) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "tensor %s of %s %s has %d bytes, but must have %d",
              Quoted.of(spec.name()),
              spec.type(),
              spec.shape(),
              data.byteSize(),
              spec.bytes()));
    }
  }

  /** Converts the elements of a floating type to F32 in {@code out}, which holds as many. */
  public void copyTo(float[] out) {
    FloatConversion.convert(spec.type(), data, StoredType.F32, MemorySegment.ofArray(out));
  }

  /** The elements of a floating type as F32. */
  public float[] floats() {
    float[] out = new float[Math.toIntExact(spec.elements())];
    copyTo(out);
    return out;
  }

  /** The elements of a floating type as F64. */
  public double[] doubles() {
    double[] out = new double[Math.toIntExact(spec.elements())];
    FloatConversion.convert(spec.type(), data, StoredType.F64, MemorySegment.ofArray(out));
    return out;
  }

  /** Rows {@code from} to {@code to} (exclusive) along the first axis, without a copy. */
  public StoredTensor rows(long from, long to) {
    List<Long> shape = new ArrayList<>(spec.shape());
    shape.set(0, to - from);
    TensorSpec part = new TensorSpec(spec.name(), spec.type(), shape);
    long row = spec.shape().getFirst() == 0 ? 0 : spec.bytes() / spec.shape().getFirst();
    return new StoredTensor(part, data.asSlice(from * row, part.bytes()));
  }
}
