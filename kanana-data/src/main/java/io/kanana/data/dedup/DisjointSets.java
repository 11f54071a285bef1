package io.kanana.data.dedup;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Sets of places that are joined by several threads at once, without locks (Anderson and Woll, STOC
 * 1991). The larger of two roots is hung below the smaller, so a set's root is its first place,
 * whatever the order in which pairs are joined.
 */
final class DisjointSets {
  private static final VarHandle PARENT = MethodHandles.arrayElementVarHandle(int[].class);

  private final int[] parents;

  /** Every place by itself. */
  DisjointSets(int count) {
    parents = new int[count];
    for (int i = 0; i < count; i++) {
      parents[i] = i;
    }
  }

  /** The first place of the set, as far as it is joined by now. */
  int root(int place) {
    int at = place;
    while (true) {
      int parent = (int) PARENT.getAcquire(parents, at);
      if (parent == at) {
        return at;
      }
      int above = (int) PARENT.getAcquire(parents, parent);
      if (above != parent) {
        // halves the path; another thread may have done so, or better
        PARENT.weakCompareAndSet(parents, at, parent, above);
      }
      at = above;
    }
  }

  void join(int a, int b) {
    while (true) {
      int rootA = root(a);
      int rootB = root(b);
      if (rootA == rootB) {
        return;
      }
      int higher = Math.max(rootA, rootB);
      if (PARENT.compareAndSet(parents, higher, higher, Math.min(rootA, rootB))) {
        return;
      }
    }
  }

  /** The root of each place, once all are joined. */
  int[] roots() {
    // parents come before their children
    for (int i = 0; i < parents.length; i++) {
      parents[i] = parents[parents[i]];
    }
    return parents;
  }
}
