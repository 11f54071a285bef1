package io.kanana.data.dedup;

/**
 * The numbers of NumPy's {@code RandomState}: the Mersenne Twister MT19937 (Matsumoto and
 * Nishimura, 1998), so that permutations are those of programs in Python with the same seed. For
 * one thread.
 */
final class NumpyRandom {
  private static final int SIZE = 624;
  private static final int MIDDLE = 397;
  private static final int UPPER = 0x80000000;
  private static final int TWIST = 0x9908B0DF;

  private final int[] state = new int[SIZE];
  private int next = SIZE;

  NumpyRandom(int seed) {
    state[0] = seed;
    for (int i = 1; i < SIZE; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ state[i - 1] >>> 30) + i;
    }
  }

  private void refill() {
    for (int i = 0; i < SIZE; i++) {
      int bits = (state[i] & UPPER) | (state[(i + 1) % SIZE] & ~UPPER);
      state[i] = state[(i + MIDDLE) % SIZE] ^ bits >>> 1 ^ ((bits & 1) == 0 ? 0 : TWIST);
    }
    next = 0;
  }

  /** 32 random bits. */
  int bits32() {
    if (next == SIZE) {
      refill();
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= y << 7 & 0x9D2C5680;
    y ^= y << 15 & 0xEFC60000;
    return y ^ y >>> 18;
  }

  /** As {@code randint(low, high, dtype=uint64)}: uniform in low ... high - 1, both below 2^63. */
  long between(long low, long high) {
    long range = high - 1 - low;
    long mask = -1L >>> Long.numberOfLeadingZeros(range);
    long drawn;
    do {
      long upper = (long) bits32() << 32;
      drawn = (upper | (bits32() & 0xFFFFFFFFL)) & mask;
    } while (drawn > range);
    return low + drawn;
  }
}
