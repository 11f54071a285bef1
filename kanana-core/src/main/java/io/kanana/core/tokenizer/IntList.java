package io.kanana.core.tokenizer;

import java.util.Arrays;

/** A growing list of ints. */
final class IntList {
  private int[] values;
  private int size;

  IntList() {
    this(16);
  }

  IntList(int capacity) {
    values = new int[capacity];
  }

  int size() {
    return size;
  }

  int get(int index) {
    return values[index];
  }

  void set(int index, int value) {
    values[index] = value;
  }

  void add(int value) {
    reserve(1);
    values[size++] = value;
  }

  void addAll(int[] source, int from, int to) {
    int count = to - from;
    reserve(count);
    if (count == 1) {
      values[size] = source[from];
    } else {
      System.arraycopy(source, from, values, size, count);
    }
    size += count;
  }

  void clear() {
    size = 0;
  }

  int[] toArray() {
    return Arrays.copyOf(values, size);
  }

  private void reserve(int more) {
    if (values.length - size < more) {
      values = Arrays.copyOf(values, Math.max(size + more, 2 * size));
    }
  }
}
