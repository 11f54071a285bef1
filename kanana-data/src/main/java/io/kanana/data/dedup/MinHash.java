package io.kanana.data.dedup;

import io.kanana.core.config.Check;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Signatures whose values agree as often as two texts share shingles: each of {@code bands * rows}
 * values is equal with the probability of the Jaccard similarity of the two sets (Broder, 1997).
 * Texts match where all rows of a band agree, with probability {@code 1 - (1 - s^rows)^bands}.
 * Immutable, safe for use by several threads.
 */
final class MinHash {
  /**
   * What a signature is made of.
   *
   * @param bands how many chances two texts have to match
   * @param rows how many values must agree for that
   * @param size words or characters of a shingle
   * @param simplified whether texts are simplified first
   */
  record Shape(
      int bands,
      int rows,
      Shingles shingles,
      int size,
      ShingleHash hash,
      int seed,
      boolean simplified) {
    Shape {
      Check.that(bands >= 1 && bands <= 1000, "bands", "must lie in 1 .. 1000, got %s", bands);
      Check.that(rows >= 1 && rows <= 1000, "rows", "must lie in 1 .. 1000, got %s", rows);
      Check.that(size >= 1, "shingle-size", "must be at least 1, got %s", size);
    }

    /** The probability with which two texts of that Jaccard similarity match. */
    double matching(double jaccard) {
      return 1 - Math.pow(1 - Math.pow(jaccard, rows), bands);
    }
  }

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final Shape shape;
  private final Permutations permutations;

  MinHash(Shape shape) {
    this.shape = shape;
    this.permutations = new Permutations(shape.bands() * shape.rows(), shape.seed());
  }

  /** The values, band after band; none where the text is shorter than one shingle. */
  long[] signature(String text) {
    long[] hashes = shingleHashes(text);
    return hashes.length == 0 ? hashes : permutations.minima(hashes, hashes.length);
  }

  /** The hash of each shingle, in order. */
  long[] shingleHashes(String text) {
    SimplifiedText simple =
        shape.simplified() ? SimplifiedText.of(text) : SimplifiedText.whole(text);
    return shape.shingles().hashes(simple, shape.size(), shape.hash());
  }

  /**
   * A key of 64 bits for each band: texts match where they have the key of one band in common. Two
   * different bands have the same key by chance once in 2^64 pairs: among a million documents with
   * 14 bands, once in some two million runs.
   */
  long[] bandKeys(String text) {
    long[] signature = signature(text);
    if (signature.length == 0) {
      return signature;
    }
    byte[] bytes = new byte[signature.length * Long.BYTES];
    for (int i = 0; i < signature.length; i++) {
      LONGS.set(bytes, i * Long.BYTES, signature[i]);
    }
    long[] keys = new long[shape.bands()];
    int length = shape.rows() * Long.BYTES;
    for (int band = 0; band < keys.length; band++) {
      keys[band] = XxHash64.of(bytes, band * length, (band + 1) * length);
    }
    return keys;
  }
}
