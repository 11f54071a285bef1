package io.kanana.pretrain.reshape;

import io.kanana.core.model.Axis;
import io.kanana.core.model.ModelConfig;
import java.util.List;

/**
 * What one layer of a new model is made of. Numbers are those of the old layer; the i-th unit of
 * the new layer is the one that stands at position i.
 *
 * @param source the old layer
 * @param heads query heads
 * @param kvHeads key and value heads
 * @param neurons of the gated unit
 * @param residuals additions to query heads that stay
 * @param silent whether what it writes to the residual stream is zero at first, so that the layer
 *     passes its input on
 */
public record LayerOrigin(
    int source,
    Indices heads,
    Indices kvHeads,
    Indices neurons,
    List<HeadResidual> residuals,
    boolean silent) {
  public LayerOrigin {
    residuals = List.copyOf(residuals);
  }

  /** A layer as it is. */
  public static LayerOrigin whole(ModelConfig old, int source) {
    return new LayerOrigin(
        source,
        Indices.all(old.heads()),
        Indices.all(old.kvHeads()),
        Indices.all(old.ffnSize()),
        List.of(),
        false);
  }

  /** The same layer, silent. */
  public LayerOrigin silenced() {
    return new LayerOrigin(source, heads, kvHeads, neurons, residuals, true);
  }

  /** The units along one of a layer's own axes. */
  public Indices units(Axis axis) {
    return switch (axis) {
      case HEADS -> heads;
      case KV_HEADS -> kvHeads;
      case NEURONS -> neurons;
      case LAYERS, CHANNELS, VOCABULARY ->
          throw new IllegalArgumentException(axis + " is no axis of a single layer");
    };
  }
}
