package io.kanana.core.checkpoint;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, as a rule in lower-case hexadecimal digits. Not safe for use by several threads. */
public final class Sha256 {
  /** Never fed: a copy of it costs less than asking the providers of algorithms again. */
  private static final MessageDigest BLANK = fromProvider();

  private final MessageDigest digest = copyOfBlank();

  private static MessageDigest copyOfBlank() {
    try {
      return (MessageDigest) BLANK.clone();
    } catch (CloneNotSupportedException _) {
      // a provider need not support it
      return fromProvider();
    }
  }

  private static MessageDigest fromProvider() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The hash of some bytes. */
  public static String of(byte[] bytes) {
    return HexFormat.of().formatHex(bytesOf(bytes));
  }

  /** The 32 bytes of the hash of some bytes. */
  public static byte[] bytesOf(byte[] bytes) {
    return new Sha256().digest.digest(bytes);
  }

  public void add(byte[] bytes, int length) {
    digest.update(bytes, 0, length);
  }

  public void add(ByteBuffer bytes) {
    digest.update(bytes);
  }

  /** The hash of what was added; starts anew. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
