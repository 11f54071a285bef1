package io.kanana.posttrain.merge;

import io.kanana.core.checkpoint.StoredType;

/** What merged weights can be stored in: the floating types of a safetensors file. */
public enum WeightType {
  F64(StoredType.F64),
  F32(StoredType.F32),
  BF16(StoredType.BF16),
  F16(StoredType.F16);

  private final StoredType stored;

  WeightType(StoredType stored) {
    this.stored = stored;
  }

  /** As a file calls it. */
  public StoredType stored() {
    return stored;
  }
}
