package io.kanana.posttrain.merge;

/**
 * The elements of a tensor as F64, in row-major order, made a stretch at a time whenever they are
 * asked for: so a tensor is merged without being in memory. The same stretch is always the same
 * numbers. Not safe for use by several threads.
 */
public interface Elements {
  /** The most elements that are asked for at once by whoever goes through a whole tensor. */
  int STRETCH = 1 << 16;

  /** Something that looks at a stretch. */
  interface Visitor {
    /**
     * Takes a stretch.
     *
     * @param from the index of its first element
     * @param values lent until this returns
     */
    void see(long from, double[] values);
  }

  /** How many there are. */
  long size();

  /**
   * Fills {@code out} with the elements from {@code from} on; all of them must exist.
   *
   * @throws io.kanana.core.error.CheckpointException if one of them is no number that can be merged
   */
  void read(long from, double[] out);

  /** Shows all elements in their order, a stretch at a time. */
  default void visit(Visitor visitor) {
    for (long from = 0; from < size(); from += STRETCH) {
      double[] values = new double[(int) Math.min(STRETCH, size() - from)];
      read(from, values);
      visitor.see(from, values);
    }
  }
}
