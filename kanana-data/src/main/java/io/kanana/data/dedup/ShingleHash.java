package io.kanana.data.dedup;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** How the bytes of a shingle become 64 bits. */
public enum ShingleHash {
  /** XXH64 with seed 0: FineWeb-2's choice, and the faster one. */
  XXHASH,
  /** The first 8 bytes of SHA-1, little-endian: FineWeb's choice. */
  SHA1;

  /** The hashes of {@code count} shingles, of the bytes from each start up to each end. */
  long[] of(byte[] bytes, int[] starts, int[] ends, int count) {
    return switch (this) {
      case XXHASH -> xxHashes(bytes, starts, ends, count);
      case SHA1 -> Sha1Lanes.hashes(bytes, starts, ends, count);
    };
  }

  private static long[] xxHashes(byte[] bytes, int[] starts, int[] ends, int count) {
    long[] hashes = new long[count];
    for (int i = 0; i < count; i++) {
      hashes[i] = XxHash64.of(bytes, starts[i], ends[i]);
    }
    return hashes;
  }

  /** SHA-1 of the platform, one shingle after the other: what the lanes are checked against. */
  static long[] obviousSha1(byte[] bytes, int[] starts, int[] ends, int count) {
    MessageDigest digest = sha1();
    long[] hashes = new long[count];
    for (int i = 0; i < count; i++) {
      digest.update(bytes, starts[i], ends[i] - starts[i]);
      byte[] all = digest.digest();
      for (int b = Long.BYTES - 1; b >= 0; b--) {
        hashes[i] = hashes[i] << Byte.SIZE | (all[b] & 0xFF);
      }
    }
    return hashes;
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
