package io.kanana.eval.metric;

import io.kanana.core.random.MersenneTwister;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The draws of CPython's {@code random.Random}, so that shots and bootstraps are those of
 * lm-evaluation-harness with the same seed. For one thread.
 */
public final class PythonRandom {
  /** Up to this size a pool is copied rather than drawn from with rejections. */
  private static final int SMALL_POOL = 21;

  private final MersenneTwister twister;

  /**
   * @param seed its absolute value counts, as in Python
   */
  public PythonRandom(long seed) {
    long size = Math.abs(seed);
    int low = (int) size;
    int high = (int) (size >>> 32);
    twister = MersenneTwister.of(high == 0 ? new int[] {low} : new int[] {low, high});
  }

  /** 32 random bits. */
  int bits32() {
    return twister.bits32();
  }

  /** Uniform in [0, 1), with 53 random bits. */
  public double uniform() {
    int upper = twister.bits32() >>> 5;
    int lower = twister.bits32() >>> 6;
    return (upper * 67108864.0 + lower) / 9007199254740992.0;
  }

  /** Uniform in 0 ... bound - 1; {@code bound} is at least 1. */
  int below(int bound) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(bound);
    int drawn;
    do {
      drawn = twister.bits32() >>> (Integer.SIZE - bits);
    } while (drawn < 0 || drawn >= bound);
    return drawn;
  }

  /**
   * {@code sample(range(size), count)}: different indexes, in the order of drawing.
   *
   * @throws IllegalArgumentException if there are fewer than {@code count}
   */
  public List<Integer> sample(int size, int count) {
    if (count < 0 || count > size) {
      throw new IllegalArgumentException(count + " of " + size + " cannot be drawn");
    }
    return size <= largestPool(count) ? fromPool(size, count) : withRejections(size, count);
  }

  private static int largestPool(int count) {
    if (count <= 5) {
      return SMALL_POOL;
    }
    int power = 1;
    while (power < 3 * count) {
      power *= 4;
    }
    return SMALL_POOL + power;
  }

  private List<Integer> fromPool(int size, int count) {
    List<Integer> pool = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      pool.add(i);
    }
    List<Integer> drawn = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int j = below(size - i);
      drawn.add(pool.get(j));
      pool.set(j, pool.get(size - i - 1));
    }
    return drawn;
  }

  private List<Integer> withRejections(int size, int count) {
    Set<Integer> drawn = new LinkedHashSet<>();
    while (drawn.size() < count) {
      drawn.add(below(size));
    }
    return List.copyOf(drawn);
  }

  /** {@code choices(range(size), k=count)}: indexes with repetitions. */
  public int[] choices(int size, int count) {
    int[] drawn = new int[count];
    for (int i = 0; i < count; i++) {
      drawn[i] = (int) Math.floor(uniform() * size);
    }
    return drawn;
  }
}
