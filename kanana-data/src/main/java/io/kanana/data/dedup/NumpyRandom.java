package io.kanana.data.dedup;

import io.kanana.core.random.MersenneTwister;

/**
 * The numbers of NumPy's {@code RandomState}, so that permutations are those of programs in Python
 * with the same seed. For one thread.
 */
final class NumpyRandom {
  private final MersenneTwister twister;

  NumpyRandom(int seed) {
    twister = MersenneTwister.of(seed);
  }

  /** As {@code randint(low, high, dtype=uint64)}: uniform in low ... high - 1, both below 2^63. */
  long between(long low, long high) {
    long range = high - 1 - low;
    long mask = -1L >>> Long.numberOfLeadingZeros(range);
    long drawn;
    do {
      long upper = (long) twister.bits32() << 32;
      drawn = (upper | (twister.bits32() & 0xFFFFFFFFL)) & mask;
    } while (drawn > range);
    return low + drawn;
  }
}
