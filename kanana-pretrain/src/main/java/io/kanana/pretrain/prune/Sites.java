package io.kanana.pretrain.prune;

import io.kanana.core.model.Axis;
import io.kanana.core.model.LayerObserver.Site;
import io.kanana.core.model.ModelConfig;
import java.util.List;

/**
 * Where in the layers an axis shows: at which sites, how many elements side by side belong to one
 * unit, and to which row of the scores a place belongs.
 *
 * @param sites of every layer, in the order of the forward pass; each gives a row
 * @param units of the axis
 * @param block elements of a unit
 */
record Sites(List<Site> sites, int units, int block) {
  /** The activations that stand for an axis. */
  static Sites of(Axis axis, ModelConfig shape) {
    return switch (axis) {
      case HEADS -> new Sites(List.of(Site.HEADS), shape.heads(), shape.headDim());
      case KV_HEADS ->
          new Sites(
              List.of(Site.HEADS),
              shape.kvHeads(),
              shape.heads() / shape.kvHeads() * shape.headDim());
      case NEURONS -> new Sites(List.of(Site.NEURONS), shape.ffnSize(), 1);
      case CHANNELS ->
          new Sites(List.of(Site.ATTENTION_NORM, Site.FFN_NORM), shape.hiddenSize(), 1);
      case LAYERS, VOCABULARY ->
          throw new IllegalArgumentException(axis + " has no activations of its own");
    };
  }

  /** The axes that {@link #of} knows. */
  static final List<Axis> AXES = List.of(Axis.HEADS, Axis.KV_HEADS, Axis.NEURONS, Axis.CHANNELS);

  int rows(ModelConfig shape) {
    return shape.layers() * sites.size();
  }

  /** The row of a place; -1 where the axis does not show. */
  int row(int layer, Site site) {
    int index = sites.indexOf(site);
    return index < 0 ? -1 : layer * sites.size() + index;
  }
}
