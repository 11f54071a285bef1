package io.kanana.core.tensor.reference;

import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Storage;

/** Values as doubles, or as ints for I32, whatever the dtype says: nothing is ever rounded. */
record ReferenceStorage(DType dtype, double[] values, int[] ints) implements Storage {
  static ReferenceStorage of(DType dtype, int capacity) {
    return dtype == DType.I32
        ? new ReferenceStorage(dtype, null, new int[capacity])
        : new ReferenceStorage(dtype, new double[capacity], null);
  }

  @Override
  public long capacity() {
    return values == null ? ints.length : values.length;
  }
}
