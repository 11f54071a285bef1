package io.kanana.posttrain.merge;

import io.kanana.core.checkpoint.FloatConversion;
import io.kanana.core.checkpoint.StoredTensor;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.error.CheckpointException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A parent's tensor on disk; open as long as the file it comes from.
 *
 * @param model the directory, for messages
 */
record StoredElements(Path model, StoredTensor tensor) implements Elements {
  @Override
  public long size() {
    return tensor.spec().elements();
  }

  @Override
  public void read(long from, double[] out) {
    StoredType type = tensor.spec().type();
    MemorySegment part =
        tensor.data().asSlice(from * type.bytes(), (long) out.length * type.bytes());
    widen(type, part, out);
    for (int i = 0; i < out.length; i++) {
      if (!Double.isFinite(out[i])) {
        throw notFinite(from + i, out[i]);
      }
    }
  }

  /**
   * By way of F32 where that is exact: one copy and a loop without a switch, several times faster.
   */
  private static void widen(StoredType type, MemorySegment part, double[] out) {
    if (type == StoredType.F64) {
      FloatConversion.convert(type, part, StoredType.F64, MemorySegment.ofArray(out));
      return;
    }
    float[] single = new float[out.length];
    FloatConversion.convert(type, part, StoredType.F32, MemorySegment.ofArray(single));
    for (int i = 0; i < out.length; i++) {
      out[i] = single[i];
    }
  }

  private CheckpointException notFinite(long index, double value) {
    return new CheckpointException(
        String.format(
            Locale.ROOT,
            "%s: tensor %s has %s at index %d; only finite weights can be merged",
            model,
            tensor.spec().name(),
            value,
            index));
  }
}
