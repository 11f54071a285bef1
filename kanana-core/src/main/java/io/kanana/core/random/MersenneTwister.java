package io.kanana.core.random;

/**
 * The Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998), only where the draws of a program
 * in Python have to be repeated; everything of our own draws from {@link RandomKey}. For one
 * thread.
 */
public final class MersenneTwister {
  private static final int SIZE = 624;
  private static final int MIDDLE = 397;
  private static final int UPPER = 0x80000000;
  private static final int TWIST = 0x9908B0DF;
  private static final int ARRAY_SEED = 19650218;

  private final int[] state = new int[SIZE];
  private int next = SIZE;

  private MersenneTwister(int seed) {
    state[0] = seed;
    for (int i = 1; i < SIZE; i++) {
      state[i] = 1812433253 * mixed(i - 1) + i;
    }
  }

  /** Seeded by one number, {@code init_genrand}. */
  public static MersenneTwister of(int seed) {
    return new MersenneTwister(seed);
  }

  /** Seeded by several numbers, {@code init_by_array}. */
  public static MersenneTwister of(int[] seeds) {
    MersenneTwister twister = new MersenneTwister(ARRAY_SEED);
    twister.stir(seeds);
    return twister;
  }

  private void stir(int[] seeds) {
    int i = 1;
    for (int k = 0; k < Math.max(SIZE, seeds.length); k++) {
      int j = k % seeds.length;
      state[i] = (state[i] ^ mixed(i - 1) * 1664525) + seeds[j] + j;
      i = following(i);
    }
    for (int k = 1; k < SIZE; k++) {
      state[i] = (state[i] ^ mixed(i - 1) * 1566083941) - i;
      i = following(i);
    }
    state[0] = UPPER;
  }

  private int mixed(int i) {
    return state[i] ^ state[i] >>> 30;
  }

  private int following(int i) {
    if (i + 1 < SIZE) {
      return i + 1;
    }
    state[0] = state[SIZE - 1];
    return 1;
  }

  private void refill() {
    for (int i = 0; i < SIZE; i++) {
      int bits = (state[i] & UPPER) | (state[(i + 1) % SIZE] & ~UPPER);
      state[i] = state[(i + MIDDLE) % SIZE] ^ bits >>> 1 ^ ((bits & 1) == 0 ? 0 : TWIST);
    }
    next = 0;
  }

  /** 32 random bits. */
  public int bits32() {
    if (next == SIZE) {
      refill();
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= y << 7 & 0x9D2C5680;
    y ^= y << 15 & 0xEFC60000;
    return y ^ y >>> 18;
  }
}
