package io.kanana.core.tokenizer;

import java.util.Arrays;

/** A binary heap of longs, smallest first. */
final class LongHeap {
  private long[] values = new long[64];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  long top() {
    return values[0];
  }

  void push(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    int i = size++;
    while (i > 0 && values[(i - 1) / 2] > value) {
      values[i] = values[(i - 1) / 2];
      i = (i - 1) / 2;
    }
    values[i] = value;
  }

  long pop() {
    long result = values[0];
    long last = values[--size];
    int i = 0;
    for (int child = 1; child < size; child = 2 * i + 1) {
      if (child + 1 < size && values[child + 1] < values[child]) {
        child++;
      }
      if (values[child] >= last) {
        break;
      }
      values[i] = values[child];
      i = child;
    }
    values[i] = last;
    return result;
  }
}
