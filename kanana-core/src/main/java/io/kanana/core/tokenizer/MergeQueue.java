package io.kanana.core.tokenizer;

import java.util.Arrays;

/**
 * Pairs waiting to be merged: the largest count first, then the smaller left id, then the smaller
 * right id. An entry keeps the count it was pushed with, and the words in which the pair was then
 * new.
 */
final class MergeQueue {
  private long[] counts = new long[1 << 12];
  private long[] pairs = new long[1 << 12];
  private int[] entries = new int[1 << 12];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  long topCount() {
    return counts[0];
  }

  /** The entry on top: what {@link #push} was given. */
  int topEntry() {
    return entries[0];
  }

  void push(long count, long pair, int entry) {
    if (size == entries.length) {
      counts = Arrays.copyOf(counts, 2 * size);
      pairs = Arrays.copyOf(pairs, 2 * size);
      entries = Arrays.copyOf(entries, 2 * size);
    }
    int i = size++;
    while (i > 0 && before(count, pair, (i - 1) / 2)) {
      move((i - 1) / 2, i);
      i = (i - 1) / 2;
    }
    set(i, count, pair, entry);
  }

  /** Takes the top away. */
  void pop() {
    size--;
    sink(counts[size], pairs[size], entries[size]);
  }

  /** Puts the top back with another count. */
  void recount(long count) {
    sink(count, pairs[0], entries[0]);
  }

  private void sink(long count, long pair, int entry) {
    int i = 0;
    for (int child = 1; child < size; child = 2 * i + 1) {
      if (child + 1 < size && before(counts[child + 1], pairs[child + 1], child)) {
        child++;
      }
      if (before(count, pair, child)) {
        break;
      }
      move(child, i);
      i = child;
    }
    set(i, count, pair, entry);
  }

  private boolean before(long count, long pair, int other) {
    return count > counts[other] || (count == counts[other] && pair < pairs[other]);
  }

  private void move(int from, int to) {
    set(to, counts[from], pairs[from], entries[from]);
  }

  private void set(int i, long count, long pair, int entry) {
    counts[i] = count;
    pairs[i] = pair;
    entries[i] = entry;
  }
}
