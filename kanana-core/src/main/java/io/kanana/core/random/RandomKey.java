package io.kanana.core.random;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/**
 * A source of random numbers without state: the i-th number of a key is always the same. Keys of
 * independent purposes are derived by {@link #child}; a draw at an index does not depend on others
 * having been drawn.
 *
 * <p>Numbers are those of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) read as a counter: {@code
 * mix(value + (i + 1) * gamma)}. Not for secrets.
 */
public record RandomKey(long value) {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;
  private static final double DOUBLE_UNIT = 0x1.0p-53;

  /**
   * More than {@link Math} can be off, as a share: logarithm and cosine are within an ulp, 2^-52,
   * of what is true, and so are those of {@link StrictMath}.
   */
  private static final double DOUBT = 0x1.0p-46;

  /** Numbers that one thread draws at a time. */
  private static final int PART = 1 << 16;

  /** The key of a run's seed. */
  public static RandomKey of(long seed) {
    return new RandomKey(mix(seed));
  }

  /** The finaliser of SplitMix64: every bit of the result depends on every bit of a number. */
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The key of one of many numbered purposes. */
  public RandomKey child(long index) {
    return new RandomKey(mix(bits(index) ^ 0x632BE59BD9B4E019L));
  }

  /** The key of a named purpose. */
  public RandomKey child(String label) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : label.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return new RandomKey(mix(value ^ mix(hash)));
  }

  /** 64 random bits. */
  public long bits(long index) {
    return mix(value + (index + 1) * GAMMA);
  }

  /** Uniform in [0, 1). */
  public double uniform(long index) {
    return (bits(index) >>> 11) * DOUBLE_UNIT;
  }

  /** Uniform in 0 ... bound - 1; the bias is below bound / 2^64. */
  public int below(long index, int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound must be at least 1, got " + bound);
    }
    return (int) Math.unsignedMultiplyHigh(bits(index), bound);
  }

  /** Standard normal (Box and Muller, 1958). */
  public double gaussian(long index) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform(2 * index)));
    return radius * StrictMath.cos(2 * Math.PI * uniform(2 * index + 1));
  }

  /**
   * Fills with normal numbers of indexes 0, 1, ..., on all processors: each number depends on its
   * index alone.
   */
  public void fillGaussian(float[] out, double mean, double deviation) {
    int parts = (out.length + PART - 1) / PART;
    IntStream.range(0, parts)
        .parallel()
        .forEach(
            part -> {
              for (int i = part * PART; i < Math.min(out.length, (part + 1) * PART); i++) {
                out[i] = rounded(i, mean, deviation);
              }
            });
  }

  /**
   * What {@link #gaussian} gives, rounded, by the functions of the processor, which are twice as
   * fast. The exact ones decide where those leave open which number is nearest (Ziv, 1991), once in
   * three million.
   */
  private float rounded(long index, double mean, double deviation) {
    double radius = Math.sqrt(-2 * Math.log(1 - uniform(2 * index)));
    double shift = deviation * (radius * Math.cos(2 * Math.PI * uniform(2 * index + 1)));
    double doubt = DOUBT * (Math.abs(mean) + Math.abs(shift));
    float least = (float) (mean + shift - doubt);
    float most = (float) (mean + shift + doubt);
    boolean sure = Float.floatToRawIntBits(least) == Float.floatToRawIntBits(most);
    return sure ? least : (float) (mean + deviation * gaussian(index));
  }
}
