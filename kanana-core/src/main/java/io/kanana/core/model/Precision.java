package io.kanana.core.model;

import io.kanana.core.tensor.DType;

/**
 * In which form matrix products read weights and activations. Weights, gradients, moments and sums
 * are F32 or wider.
 */
public enum Precision {
  F32(DType.F32),
  /** Operands of matrix products are rounded to BF16; their sums are F32. */
  BF16_MIXED(DType.BF16);

  private final DType operands;

  Precision(DType operands) {
    this.operands = operands;
  }

  public DType operands() {
    return operands;
  }
}
