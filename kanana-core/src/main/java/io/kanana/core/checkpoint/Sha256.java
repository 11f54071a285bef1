package io.kanana.core.checkpoint;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in lower-case hexadecimal digits. */
final class Sha256 {
  private final MessageDigest digest;

  Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String of(byte[] bytes) {
    Sha256 hash = new Sha256();
    hash.add(bytes, bytes.length);
    return hash.hex();
  }

  void add(byte[] bytes, int length) {
    digest.update(bytes, 0, length);
  }

  void add(ByteBuffer bytes) {
    digest.update(bytes);
  }

  /** The hash; starts anew. */
  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
