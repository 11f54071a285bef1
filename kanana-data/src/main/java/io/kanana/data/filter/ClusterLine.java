package io.kanana.data.filter;

import java.util.function.LongSupplier;

/** A cluster of documents, by their places in the corpus, as a line of JSON. */
public final class ClusterLine {
  private ClusterLine() {}

  /**
   * Adds {@code {"cluster":12,"size":3,"kept":12,"members":[12,40,97]}} and LF.
   *
   * @param cluster the place of its first document
   * @param kept the place of the one that stays
   * @param others gives the other members, in rising order
   */
  public static void append(
      StringBuilder out, long cluster, int size, long kept, LongSupplier others) {
    out.append("{\"cluster\":").append(cluster);
    out.append(",\"size\":").append(size);
    out.append(",\"kept\":").append(kept);
    out.append(",\"members\":[").append(cluster);
    for (int i = 1; i < size; i++) {
      out.append(',').append(others.getAsLong());
    }
    out.append("]}\n");
  }
}
