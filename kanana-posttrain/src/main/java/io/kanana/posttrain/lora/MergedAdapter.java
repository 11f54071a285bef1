package io.kanana.posttrain.lora;

import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.LlamaWeights;
import io.kanana.core.checkpoint.PeftAdapter;
import io.kanana.core.checkpoint.StoredTensor;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TensorContent;
import io.kanana.core.checkpoint.TensorSpec;
import io.kanana.core.model.AdapterShape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A stored model with adapters merged into its weights: W + scale * B A (Hu et al., arXiv
 * 2106.09685, section 4.1). Sums are F64 and rounded once, to the type they are stored in. Each
 * weight is made when it is asked for, so the memory of one is enough. Base and adapter stay the
 * caller's and must be open meanwhile.
 */
public final class MergedAdapter {
  private final HuggingFaceModel base;
  private final PeftAdapter adapter;
  private final AdapterShape shape;

  /**
   * @param adapter opened for the base's shape
   */
  public MergedAdapter(HuggingFaceModel base, PeftAdapter adapter) {
    this.base = base;
    this.adapter = adapter;
    this.shape = adapter.config().shape();
  }

  /**
   * All weights, in the order of the model.
   *
   * @param type that they are to be stored in
   */
  public List<TensorContent> weights(StoredType type) {
    return LlamaWeights.specs(base.config().model(), type).map(this::content).toList();
  }

  private TensorContent content(TensorSpec spec) {
    StoredTensor weight = base.weight(spec.name());
    TensorContent content =
        shape.adapts(spec.name())
            ? TensorContent.ofDoubles(
                new TensorSpec(spec.name(), StoredType.F64, spec.shape()), () -> merged(weight))
            : TensorContent.of(weight);
    return content.as(spec.type());
  }

  private double[] merged(StoredTensor weight) {
    double[] sums = weight.doubles();
    double[] down = adapter.down(weight.spec().name()).doubles();
    double[] up = adapter.up(weight.spec().name()).doubles();
    int columns = Math.toIntExact(weight.spec().shape().getLast());
    IntStream.range(0, sums.length / columns)
        .parallel()
        .forEach(row -> addRow(sums, row, columns, down, up));
    return sums;
  }

  private void addRow(double[] sums, int row, int columns, double[] down, double[] up) {
    for (int k = 0; k < shape.rank(); k++) {
      double factor = shape.scale() * up[row * shape.rank() + k];
      for (int column = 0; column < columns; column++) {
        sums[row * columns + column] += factor * down[k * columns + column];
      }
    }
  }
}
