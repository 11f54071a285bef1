package io.kanana.core.checkpoint;

import io.kanana.core.error.CheckpointException;
import java.lang.foreign.MemorySegment;
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
}
