package io.kanana.core.model;

import io.kanana.core.autograd.Tape;
import io.kanana.core.autograd.Variable;

/**
 * Sees what the layers of a decoder compute while they do, and changes nothing. What it wants to
 * keep it must read before it returns: on a tape that does not record, values are given back when
 * the layer ends. On one that records, {@link Tape#watch} shows their gradients later.
 */
@FunctionalInterface
public interface LayerObserver {
  /** Sees nothing. */
  LayerObserver NONE = (tape, layer, site, value) -> {};

  /** A place within a layer. N = B * T rows. */
  enum Site {
    /** The residual stream before the layer: [N, C]. */
    INPUT,
    /** The normalised stream that attention reads: [N, C]. */
    ATTENTION_NORM,
    /** What the query heads found, before the output projection: [N, H * D]. */
    HEADS,
    /** The normalised stream that the gated unit reads: [N, C]. */
    FFN_NORM,
    /** Gate, then up: [N, 2F]. */
    GATE_UP,
    /** silu(gate) * up, before the down projection: [N, F]. */
    NEURONS,
    /** The residual stream after the layer: [N, C]. */
    OUTPUT
  }

  /** Called for every site of every layer, in the order of the forward pass. */
  void observe(Tape tape, int layer, Site site, Variable value);
}
