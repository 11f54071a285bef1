package io.kanana.core.tokenizer;

import io.kanana.core.random.RandomKey;

/**
 * Hashes of 64 bits of pieces of text, for tables that compare in full where hashes meet. A
 * polynomial would not do: of its collisions, as of {@code Aa} and {@code BB} for 31, texts can be
 * made that have all their words in one place of a table. Thread-safe.
 */
public final class TextHash {
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private TextHash() {}

  /** The hash of the characters {@code from} to {@code to}. */
  public static long of(char[] text, int from, int to) {
    long hash = (long) to - from;
    for (int i = from; i < to; i++) {
      hash = (hash ^ text[i]) * FACTOR;
      hash ^= hash >>> 32; // else no character would change the bits below its own
    }
    return RandomKey.mix(hash);
  }
}
