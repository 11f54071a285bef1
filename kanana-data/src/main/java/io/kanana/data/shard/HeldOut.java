package io.kanana.data.shard;

import io.kanana.core.checkpoint.Sha256;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Which documents are held out: a share of the distinct texts, chosen by a digest of the text
 * alone, so that copies of a document stay together wherever they come from. Immutable.
 */
public final class HeldOut {
  private static final BigDecimal WHOLE = new BigDecimal(BigInteger.ONE.shiftLeft(Long.SIZE));

  /** Without sign. */
  private final long below;

  /**
   * @param share of the distinct texts, from 0 up to but not including 1
   */
  public HeldOut(double share) {
    this.below = WHOLE.multiply(BigDecimal.valueOf(share)).toBigInteger().longValue();
  }

  public boolean contains(String text) {
    return Long.compareUnsigned(digest(text), below) < 0;
  }

  /** The first 64 bits of the SHA-256 of a text without the white space around it. */
  static long digest(String text) {
    byte[] digest = Sha256.bytesOf(text.strip().getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(digest).getLong();
  }
}
