package io.kanana.benchmarks;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * As many F32 multiply-adds as the processor can do: twelve independent chains that stay in
 * registers. Two units of a latency of five need ten; sixteen registers hold twelve and two
 * constants.
 */
final class FmaLoop {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int CHAINS = 12;
  private static final int ROUNDS = 50_000;
  private static final int TURNS = 64;

  /** Floating-point operations of {@link #run}. */
  static final double FLOPS = 2.0 * CHAINS * SPECIES.length() * ROUNDS * TURNS;

  /** Written so that no compiler may leave the sums out. */
  private final float[] results;

  FmaLoop(int threads) {
    this.results = new float[threads];
  }

  /** Bits of the vectors it runs on. */
  static int bits() {
    return SPECIES.vectorBitSize();
  }

  void run(int thread) {
    float sum = 0;
    for (int turn = 0; turn < TURNS; turn++) {
      sum += chains(ROUNDS);
    }
    results[thread] = sum;
  }

  /** Each chain is x = 0.75 x + 0.25, which stays between 0 and 1. */
  private static float chains(int rounds) {
    FloatVector factor = FloatVector.broadcast(SPECIES, 0.75f);
    FloatVector term = FloatVector.broadcast(SPECIES, 0.25f);
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    FloatVector e = a;
    FloatVector f = a;
    FloatVector g = a;
    FloatVector h = a;
    FloatVector i = a;
    FloatVector j = a;
    FloatVector k = a;
    FloatVector l = a;
    for (int round = 0; round < rounds; round++) {
      a = a.fma(factor, term);
      b = b.fma(factor, term);
      c = c.fma(factor, term);
      d = d.fma(factor, term);
      e = e.fma(factor, term);
      f = f.fma(factor, term);
      g = g.fma(factor, term);
      h = h.fma(factor, term);
      i = i.fma(factor, term);
      j = j.fma(factor, term);
      k = k.fma(factor, term);
      l = l.fma(factor, term);
    }
    FloatVector low = a.add(b).add(c).add(d).add(e).add(f);
    return low.add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
  }
}
