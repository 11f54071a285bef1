package io.kanana.data.classify;

import java.util.Arrays;

/**
 * The tree of a hierarchical softmax: leaves are labels, and a label that is frequent is near the
 * root. Built as fastText does, so that its models' nodes are the same. Immutable.
 */
final class HuffmanTree {
  /** More than any count; that of nodes which are not built yet. */
  static final long UNBUILT = 1_000_000_000_000_000L;

  private final int leaves;
  private final int[] left;
  private final int[] right;
  private final int[] parent;

  /**
   * @param counts of the labels, falling, each at least 1, all together below {@link #UNBUILT}
   */
  HuffmanTree(long[] counts) {
    leaves = counts.length;
    int nodes = 2 * leaves - 1;
    left = new int[nodes];
    right = new int[nodes];
    parent = new int[nodes];
    long[] weights = new long[nodes];
    System.arraycopy(counts, 0, weights, 0, leaves);
    Arrays.fill(weights, leaves, nodes, UNBUILT);
    build(weights);
  }

  /** Joins the two rarest again and again; leaves come from the end, inner nodes in order. */
  private void build(long[] weights) {
    int leaf = leaves - 1;
    int inner = leaves;
    for (int node = leaves; node < weights.length; node++) {
      boolean fromLeaves = leaf >= 0 && weights[leaf] < weights[inner];
      left[node] = fromLeaves ? leaf-- : inner++;
      fromLeaves = leaf >= 0 && weights[leaf] < weights[inner];
      right[node] = fromLeaves ? leaf-- : inner++;
      weights[node] = weights[left[node]] + weights[right[node]];
      parent[left[node]] = node;
      parent[right[node]] = node;
    }
  }

  int root() {
    return left.length - 1;
  }

  boolean isLeaf(int node) {
    return node < leaves;
  }

  int left(int node) {
    return left[node];
  }

  int right(int node) {
    return right[node];
  }

  int parent(int node) {
    return parent[node];
  }

  /** The row of an inner node in the output matrix. */
  int row(int node) {
    return node - leaves;
  }
}
