package io.kanana.data.batch;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Packs items into bins of one capacity: the largest item first, each into the fullest bin that it
 * still fits into (best-fit decreasing; Johnson, 1973: at most 11/9 of the least number of bins,
 * and one). Among items of one size the earlier goes first; among bins of one fullness, the one
 * that was filled last. Time n log(capacity / 64) and memory n + capacity, where looking at every
 * bin would take n times the number of bins.
 */
public final class BestFitDecreasing {
  private final int[] sizes;
  private final int capacity;

  private final int[] bins;
  private int count;

  /** For each free space, the bin that got it last, and for each bin the one before it; or -1. */
  private final int[] newest;

  private final int[] older;
  private final BitSet spaces;

  /**
   * @param sizes from 1 to the capacity each; kept
   */
  public BestFitDecreasing(int[] sizes, int capacity) {
    this.sizes = sizes;
    this.capacity = capacity;
    this.bins = new int[sizes.length];
    this.newest = new int[capacity + 1];
    this.older = new int[sizes.length];
    this.spaces = new BitSet(capacity + 1);
    Arrays.fill(newest, -1);
    for (int item : decreasing()) {
      place(item);
    }
  }

  /** The items by size, largest first, in their order where they are equal: a counting sort. */
  private int[] decreasing() {
    int[] firsts = new int[capacity + 2];
    for (int size : sizes) {
      firsts[capacity - size + 1]++;
    }
    accumulate(firsts);
    int[] order = new int[sizes.length];
    for (int item = 0; item < sizes.length; item++) {
      order[firsts[capacity - sizes[item]]++] = item;
    }
    return order;
  }

  private void place(int item) {
    int space = spaces.nextSetBit(sizes[item]);
    int bin = space < 0 ? count++ : take(space);
    bins[item] = bin;
    put(bin, (space < 0 ? capacity : space) - sizes[item]);
  }

  private int take(int space) {
    int bin = newest[space];
    newest[space] = older[bin];
    spaces.set(space, newest[space] >= 0);
    return bin;
  }

  private void put(int bin, int space) {
    older[bin] = newest[space];
    newest[space] = bin;
    spaces.set(space);
  }

  /** How many bins were filled. */
  public int count() {
    return count;
  }

  /** The items, those of bin 0 first; within a bin in their order. */
  public int[] byBin() {
    int[] firsts = firsts();
    int[] items = new int[sizes.length];
    for (int item = 0; item < sizes.length; item++) {
      items[firsts[bins[item]]++] = item;
    }
    return items;
  }

  /** Where each bin begins in {@link #byBin}, and at the end the number of items. */
  public int[] firsts() {
    int[] firsts = new int[count + 1];
    for (int bin : bins) {
      firsts[bin + 1]++;
    }
    accumulate(firsts);
    return firsts;
  }

  private static void accumulate(int[] counts) {
    for (int i = 1; i < counts.length; i++) {
      counts[i] += counts[i - 1];
    }
  }
}
