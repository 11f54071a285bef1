package io.kanana.data.text;

import java.util.Arrays;

/**
 * A list of spans of characters, in the order of where they begin; they may overlap. For one
 * thread; it is filled again and again.
 */
public final class Spans {
  private int[] spans = new int[256];
  private int count;

  /** Forgets all. */
  public Spans clear() {
    count = 0;
    return this;
  }

  /** Appends one. */
  public void add(int from, int to) {
    if (2 * count == spans.length) {
      spans = Arrays.copyOf(spans, 2 * spans.length);
    }
    spans[2 * count] = from;
    spans[2 * count + 1] = to;
    count++;
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** Where one begins. */
  public int from(int span) {
    return spans[2 * span];
  }

  /** Where one ends. */
  public int to(int span) {
    return spans[2 * span + 1];
  }
}
