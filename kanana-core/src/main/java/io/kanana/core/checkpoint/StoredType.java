package io.kanana.core.checkpoint;

import java.util.Optional;

/** What an element of a stored tensor is; the names are those of the safetensors format. */
public enum StoredType {
  BOOL(1),
  U8(1),
  I8(1),
  U16(2),
  I16(2),
  F16(2),
  BF16(2),
  U32(4),
  I32(4),
  F32(4),
  U64(8),
  I64(8),
  F64(8);

  private final int bytes;

  StoredType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether {@link FloatConversion} reads it. */
  public boolean floating() {
    return this == F16 || this == BF16 || this == F32 || this == F64;
  }

  static Optional<StoredType> named(String name) {
    for (StoredType type : values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
