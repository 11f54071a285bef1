package io.kanana.pretrain.distill;

/** How exactly logarithms of probabilities are stored. */
public enum StoredLogs {
  /** Half precision: eleven bits, so about one part in two thousand of a logarithm. */
  F16(2),
  /** As they were computed. */
  F32(4);

  /** The least that half precision holds: no probability to speak of. */
  private static final float LEAST = -60_000f;

  private final int bytes;

  StoredLogs(int bytes) {
    this.bytes = bytes;
  }

  int bytes() {
    return bytes;
  }

  int toBits(float log) {
    return this == F32
        ? Float.floatToRawIntBits(log)
        : Float.floatToFloat16(Math.max(LEAST, log)) & 0xffff;
  }

  float fromBits(int bits) {
    return this == F32 ? Float.intBitsToFloat(bits) : Float.float16ToFloat((short) bits);
  }
}
