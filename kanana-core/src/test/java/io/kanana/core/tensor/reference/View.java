package io.kanana.core.tensor.reference;

import io.kanana.core.tensor.Tensor;

/** A tensor's elements as rows and columns of doubles. */
record View(double[] values, int offset, int rows, int columns) {
  static View of(Tensor tensor) {
    ReferenceStorage storage = (ReferenceStorage) tensor.storage();
    int columns = tensor.rank() == 0 ? 1 : tensor.dim(-1);
    return new View(storage.values(), Math.toIntExact(tensor.offset()), tensor.rows(), columns);
  }

  static View ofNullable(Tensor tensor) {
    return tensor == null ? null : of(tensor);
  }

  static int[] ints(Tensor tensor) {
    ReferenceStorage storage = (ReferenceStorage) tensor.storage();
    int from = Math.toIntExact(tensor.offset());
    return java.util.Arrays.copyOfRange(storage.ints(), from, from + (int) tensor.size());
  }

  static void setInts(Tensor tensor, int[] values) {
    ReferenceStorage storage = (ReferenceStorage) tensor.storage();
    System.arraycopy(values, 0, storage.ints(), Math.toIntExact(tensor.offset()), values.length);
  }

  int size() {
    return rows * columns;
  }

  double get(int index) {
    return values[offset + index];
  }

  void set(int index, double value) {
    values[offset + index] = value;
  }

  void plus(int index, double value) {
    values[offset + index] += value;
  }

  double get(int row, int column) {
    return values[offset + row * columns + column];
  }

  void set(int row, int column, double value) {
    values[offset + row * columns + column] = value;
  }

  void plus(int row, int column, double value) {
    values[offset + row * columns + column] += value;
  }
}
