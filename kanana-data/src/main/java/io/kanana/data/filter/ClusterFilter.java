package io.kanana.data.filter;

/**
 * A corpus filter that takes documents for alike if they have a key in common, and alike for
 * transitive. Clusters of alike documents are called by the place of their first document.
 */
public non-sealed interface ClusterFilter extends KeyedFilter {
  /** The member of most weight stays, the first of several. */
  long weight(byte[] sketch);

  /**
   * What there is to know of a document that is alike to others.
   *
   * @param cluster the place of its first document
   * @param size how many documents it has, at least two
   * @param stays whether this document is the one that stays
   */
  byte[] finding(long cluster, int size, boolean stays);

  /**
   * The file of the clusters that stands beside the documents; each is a line that {@link
   * ClusterLine} makes, in the order of their first documents.
   */
  String file();
}
