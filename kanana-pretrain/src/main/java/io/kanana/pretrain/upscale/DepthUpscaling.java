package io.kanana.pretrain.upscale;

import io.kanana.core.error.ConfigException;
import io.kanana.core.model.ModelConfig;
import io.kanana.pretrain.reshape.Indices;
import io.kanana.pretrain.reshape.LayerOrigin;
import io.kanana.pretrain.reshape.ReshapePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Plans that stack a model's layers to a deeper one. */
public final class DepthUpscaling {
  private DepthUpscaling() {}

  /**
   * SOLAR's rule (arXiv 2312.15166, section 2): two copies of n layers, the first without its last
   * m and the second without its first m, one on the other, which are 2 (n - m).
   *
   * @param layers n
   * @param drop m
   * @throws ConfigException if the result would not be deeper
   */
  public static Indices solar(int layers, int drop) {
    if (drop < 0 || 2 * drop >= layers) {
      throw new ConfigException(
          "solar", "must be from 0 and below half of the " + layers + " layers, got " + drop);
    }
    return Indices.of(
        IntStream.concat(IntStream.range(0, layers - drop), IntStream.range(drop, layers))
            .toArray());
  }

  /** The plan that stacks these layers; copies compute what their originals do. */
  public static ReshapePlan stacked(ModelConfig parent, Indices sources) {
    return ReshapePlan.ofLayers(parent, sources);
  }

  /**
   * The plan that stacks these layers and at first computes exactly what the parent does: one of
   * each layer is as it was, in the old order, and the other copies write zeros to the residual
   * stream until training changes that (as in Wu et al., LLaMA Pro, arXiv 2401.02415, section 3.2).
   *
   * @throws ConfigException if the layers do not contain the parent's in their order
   */
  public static ReshapePlan identity(ModelConfig parent, Indices sources) {
    ReshapePlan stacked = stacked(parent, sources);
    List<LayerOrigin> layers = new ArrayList<>();
    int next = 0;
    for (LayerOrigin layer : stacked.layers()) {
      boolean original = layer.source() == next;
      layers.add(original ? layer : layer.silenced());
      next += original ? 1 : 0;
    }
    if (next < parent.layers()) {
      throw new ConfigException(
          "identity",
          "must be false for layers "
              + sources
              + ", which do not contain the parent's "
              + parent.layers()
              + " in their order; layer "
              + next
              + " is missing where it would come");
    }
    return stacked.withLayers(layers);
  }
}
