package io.kanana.core.tensor;

/** What an element of a tensor is. */
public enum DType {
  /** IEEE 754 single precision: weights, gradients, moments, activations. */
  F32(4),
  /** The upper half of an F32: operands of matrix products in mixed precision. */
  BF16(2),
  /** IEEE 754 double precision: sums over many tokens only (losses, squared norms). */
  F64(8),
  /** Token ids, positions, document starts. */
  I32(4);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }
}
