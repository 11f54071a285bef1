package io.kanana.core.tokenizer;

import io.kanana.core.random.RandomKey;

/**
 * Hashes of 64 bits of pieces of text, for tables that compare in full where hashes meet. A
 * polynomial would not do: of its collisions, as of {@code Aa} and {@code BB} for 31, texts can be
 * made that have all their words in one place of a table. Thread-safe.
 */
public final class TextHash {
  private static final long FIRST_FACTOR = 0x9E3779B97F4A7C15L;
  private static final long SECOND_FACTOR = 0xC2B2AE3D27D4EB4FL;
  private static final int AT_ONCE = Long.SIZE / Character.SIZE;

  private TextHash() {}

  /** The hash of the characters {@code from} to {@code to}. */
  public static long of(char[] text, int from, int to) {
    // two states, since four characters could undo any difference in one
    long first = (long) to - from;
    long second = first;
    for (int at = from; at < to; at += AT_ONCE) {
      long four = at + AT_ONCE <= to ? four(text, at) : rest(text, at, to);
      first = (first ^ four) * FIRST_FACTOR;
      first ^= first >>> 32; // else no character would change the bits below its own
      second = (second + four) * SECOND_FACTOR;
      second ^= second >>> 29;
    }
    return RandomKey.mix(first + Long.rotateLeft(second, 32));
  }

  private static long four(char[] text, int at) {
    return text[at]
        | (long) text[at + 1] << 16
        | (long) text[at + 2] << 32
        | (long) text[at + 3] << 48;
  }

  private static long rest(char[] text, int from, int to) {
    long rest = 0;
    for (int i = from; i < to; i++) {
      rest = rest << 16 | text[i];
    }
    return rest;
  }
}
