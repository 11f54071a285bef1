package io.kanana.posttrain.arithmetic;

/**
 * A mistake: one step's result is off.
 *
 * @param step which one, from 0
 * @param by what is added to it
 */
record Slip(int step, long by) {
  /** No step is wrong. */
  static final Slip NONE = new Slip(-1, 0);

  /** The mistake in the other direction. */
  Slip reversed() {
    return new Slip(step, -by);
  }
}
