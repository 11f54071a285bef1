package io.kanana.posttrain.merge;

import io.kanana.core.checkpoint.FloatConversion;
import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.LlamaWeights;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TensorContent;
import io.kanana.core.checkpoint.TensorSpec;
import io.kanana.core.error.NumericalException;
import io.kanana.core.model.ModelConfig;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The weights of a merge, each made when it is written, in a buffer that holds the largest of them
 * in the type that is stored: this, and stretches of the parents, is all the memory of a merge. One
 * weight is valid until the next is asked for. Not safe for use by several threads; the parents
 * stay the caller's and must be open meanwhile.
 */
final class MergedWeights implements AutoCloseable {
  private final List<HuggingFaceModel> models;
  private final Optional<HuggingFaceModel> base;
  private final MergeMethod method;
  private final StoredType type;
  private final Consumer<String> watch;
  private final Arena arena;
  private final MemorySegment buffer;

  /**
   * @param type that the weights are stored in
   * @param watch is told the name of each weight before it is made, and may break the merge off
   */
  @SuppressWarnings("MustBeClosedChecker") // the buffer lives until close()
  MergedWeights(
      List<HuggingFaceModel> models,
      Optional<HuggingFaceModel> base,
      MergeMethod method,
      StoredType type,
      Consumer<String> watch) {
    this.models = List.copyOf(models);
    this.base = base;
    this.method = method;
    this.type = type;
    this.watch = watch;
    this.arena = Arena.ofConfined();
    this.buffer = arena.allocate(largestBytes(shape(), type), Double.BYTES);
  }

  /** Bytes of the largest weight of a shape. */
  static long largestBytes(ModelConfig shape, StoredType type) {
    return LlamaWeights.specs(shape, type).mapToLong(TensorSpec::bytes).max().orElseThrow();
  }

  /**
   * Bytes of the stretches that are held at once, at most: one of each model, and those of a
   * method's counts, of the base, of the sum, and of what is read next in its own type.
   */
  static long stretchBytes(int parents) {
    return (parents + 4L) * Elements.STRETCH * Double.BYTES;
  }

  private ModelConfig shape() {
    return models.getFirst().config().model();
  }

  /** All weights, in the order of the model. */
  List<TensorContent> contents() {
    return LlamaWeights.specs(shape(), type)
        .map(spec -> new TensorContent(spec, type, () -> merged(spec)))
        .toList();
  }

  private MemorySegment merged(TensorSpec spec) {
    watch.accept(spec.name());
    Elements merged = method.merge(parents(spec.name()));
    MemorySegment target = buffer.asSlice(0, spec.bytes());
    merged.visit((from, values) -> store(spec, from, values, target));
    return target;
  }

  private ParentTensors parents(String name) {
    return new ParentTensors(
        name,
        models.stream().map(model -> elements(model, name)).toList(),
        base.map(model -> elements(model, name)));
  }

  private static Elements elements(HuggingFaceModel model, String name) {
    return new StoredElements(model.directory(), model.weight(name));
  }

  private void store(TensorSpec spec, long from, double[] values, MemorySegment target) {
    double limit = limit(type);
    for (int i = 0; i < values.length; i++) {
      if (!(Math.abs(values[i]) < limit)) {
        throw outOfRange(spec, from + i, values[i]);
      }
    }
    long bytes = (long) values.length * type.bytes();
    round(values, type, target.asSlice(from * type.bytes(), bytes));
  }

  private static void round(double[] values, StoredType type, MemorySegment target) {
    if (type != StoredType.F32) {
      FloatConversion.convert(StoredType.F64, MemorySegment.ofArray(values), type, target);
      return;
    }
    float[] single = new float[values.length]; // the most usual type, without a switch each
    for (int i = 0; i < values.length; i++) {
      single[i] = (float) values[i];
    }
    FloatConversion.convert(StoredType.F32, MemorySegment.ofArray(single), type, target);
  }

  /** The smallest number that a type's rounding makes infinite. */
  private static double limit(StoredType type) {
    return switch (type) {
      case F16 -> 65_520;
      case BF16 -> 0x1.FFp127;
      case F32 -> 0x1.FFFFFFp127;
      default -> Double.POSITIVE_INFINITY;
    };
  }

  private static NumericalException outOfRange(TensorSpec spec, long index, double value) {
    return new NumericalException(
        String.format(
            Locale.ROOT,
            "the merged tensor %s would have %s at index %d, which %s cannot hold; use smaller"
                + " weights or a wider store-as",
            spec.name(),
            value,
            index,
            spec.type()));
  }

  @Override
  public void close() {
    arena.close();
  }
}
