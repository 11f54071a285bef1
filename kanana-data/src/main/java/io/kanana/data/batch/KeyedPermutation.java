package io.kanana.data.batch;

import io.kanana.core.random.RandomKey;

/**
 * A permutation of {@code 0 .. size - 1} that a key chooses and that takes no memory: a balanced
 * Feistel network on the next even number of bits (Luby and Rackoff, SIAM J. Comput. 1988), applied
 * again until it falls below {@code size} (cycle walking; Black and Rogaway, CT-RSA 2002).
 */
public final class KeyedPermutation {
  private static final int ROUNDS = 8;

  private final RandomKey key;
  private final long size;
  private final int halfBits;
  private final long halfMask;

  public KeyedPermutation(RandomKey key, long size) {
    if (size < 1) {
      throw new IllegalArgumentException("size must be at least 1, got " + size);
    }
    this.key = key;
    this.size = size;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(size - 1);
    this.halfBits = Math.max(1, (bits + 1) / 2);
    this.halfMask = (1L << halfBits) - 1;
  }

  /** Where {@code index} goes. */
  public long at(long index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(index + " is outside 0 .. " + (size - 1));
    }
    long value = index;
    do {
      value = feistel(value);
    } while (value >= size);
    return value;
  }

  private long feistel(long value) {
    long left = value >>> halfBits;
    long right = value & halfMask;
    for (int round = 0; round < ROUNDS; round++) {
      long mixed = left ^ (key.child(round).bits(right) & halfMask);
      left = right;
      right = mixed;
    }
    return (left << halfBits) | right;
  }
}
