package io.kanana.data.dedup;

import java.util.Arrays;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The permutations of MinHash (Broder, 1997) as datatrove has them: {@code ((h a + b) mod 2^64) mod
 * (2^61 - 1)}. The product wraps, so they are not quite the universal hashes of Carter and Wegman.
 * Immutable.
 */
final class Permutations {
  /** 2^61 - 1. */
  static final long PRIME = (1L << 61) - 1;

  private static final int PRIME_BITS = 61;
  private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;
  // at the same time, for two chains of operations at least
  private static final int STEP = 2 * SPECIES.length();

  private final int count;
  // both padded to whole steps
  private final long[] factors;
  private final long[] terms;

  Permutations(int count, int seed) {
    this.count = count;
    int padded = (count + STEP - 1) / STEP * STEP;
    NumpyRandom random = new NumpyRandom(seed);
    factors = drawn(random, 1, padded);
    terms = drawn(random, 0, padded);
  }

  private long[] drawn(NumpyRandom random, long low, int padded) {
    long[] values = new long[padded];
    for (int i = 0; i < count; i++) {
      values[i] = random.between(low, PRIME);
    }
    return values;
  }

  int count() {
    return count;
  }

  long factor(int permutation) {
    return factors[permutation];
  }

  long term(int permutation) {
    return terms[permutation];
  }

  /** The least value of each permutation over the first {@code n} hashes, at least one. */
  long[] minima(long[] hashes, int n) {
    long[] minima = new long[factors.length];
    for (int at = 0; at < minima.length; at += STEP) {
      if (!step(hashes, n, at, minima)) {
        return obviousMinima(hashes, n);
      }
    }
    return Arrays.copyOf(minima, count);
  }

  /**
   * The minima of two vectors of permutations, without the last subtraction of modulo 2^61 - 1: one
   * value in 2^58 needs it.
   *
   * @return whether none did; otherwise they are wrong
   */
  private boolean step(long[] hashes, int n, int at, long[] minima) {
    int lanes = SPECIES.length();
    LongVector prime = LongVector.broadcast(SPECIES, PRIME);
    LongVector factor0 = LongVector.fromArray(SPECIES, factors, at);
    LongVector factor1 = LongVector.fromArray(SPECIES, factors, at + lanes);
    LongVector term0 = LongVector.fromArray(SPECIES, terms, at);
    LongVector term1 = LongVector.fromArray(SPECIES, terms, at + lanes);
    LongVector least0 = prime;
    LongVector least1 = prime;
    LongVector below = LongVector.broadcast(SPECIES, -1);
    for (int i = 0; i < n; i++) {
      long hash = hashes[i];
      LongVector x0 = factor0.mul(hash).add(term0);
      LongVector x1 = factor1.mul(hash).add(term1);
      // 2^61 = 1
      x0 = x0.and(prime).add(x0.lanewise(VectorOperators.LSHR, PRIME_BITS));
      x1 = x1.and(prime).add(x1.lanewise(VectorOperators.LSHR, PRIME_BITS));
      // negative in each lane as long as all were less than the prime
      below = below.and(x0.sub(prime)).and(x1.sub(prime));
      least0 = least0.min(x0);
      least1 = least1.min(x1);
    }
    least0.intoArray(minima, at);
    least1.intoArray(minima, at + lanes);
    return below.compare(VectorOperators.LT, 0).allTrue();
  }

  /**
   * The same, one by one and by division: what {@link #minima} is checked against, and what it
   * takes where its own way is wrong.
   */
  long[] obviousMinima(long[] hashes, int n) {
    long[] minima = new long[count];
    Arrays.fill(minima, PRIME);
    for (int k = 0; k < count; k++) {
      for (int i = 0; i < n; i++) {
        long value = Long.remainderUnsigned(hashes[i] * factors[k] + terms[k], PRIME);
        minima[k] = Math.min(minima[k], value);
      }
    }
    return minima;
  }
}
