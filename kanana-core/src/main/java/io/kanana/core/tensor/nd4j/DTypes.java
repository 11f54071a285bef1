package io.kanana.core.tensor.nd4j;

import io.kanana.core.error.BackendException;
import io.kanana.core.tensor.DType;
import org.nd4j.linalg.api.buffer.DataType;

/** The names of dtypes here and in ND4J. */
final class DTypes {
  private DTypes() {}

  static DataType of(DType dtype) {
    return switch (dtype) {
      case F32 -> DataType.FLOAT;
      case BF16 -> DataType.BFLOAT16;
      case F64 -> DataType.DOUBLE;
      case I32 -> DataType.INT32;
    };
  }

  static DType of(DataType type) {
    for (DType dtype : DType.values()) {
      if (of(dtype) == type) {
        return dtype;
      }
    }
    throw new BackendException(
        "arrays of " + type + " have no tensor; there are FLOAT, BFLOAT16, DOUBLE and INT");
  }
}
