package io.kanana.core.model;

/**
 * An axis of a decoder's shape. {@link WeightAxes} says which weights lie along which; whatever
 * cuts, sorts or repeats units of a model follows that description.
 */
public enum Axis {
  /** L: whole layers. */
  LAYERS,
  /** C: channels of the residual stream, the same in every layer. */
  CHANNELS,
  /** H: query heads, of which each layer has its own. */
  HEADS,
  /** K: key and value heads; H / K query heads in a row share one. */
  KV_HEADS,
  /** F: hidden neurons of the gated unit, of which each layer has its own. */
  NEURONS,
  /** V: tokens. */
  VOCABULARY;

  /** How many units a shape has along this axis. */
  public int size(ModelConfig shape) {
    return switch (this) {
      case LAYERS -> shape.layers();
      case CHANNELS -> shape.hiddenSize();
      case HEADS -> shape.heads();
      case KV_HEADS -> shape.kvHeads();
      case NEURONS -> shape.ffnSize();
      case VOCABULARY -> shape.vocabularySize();
    };
  }
}
