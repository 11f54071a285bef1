package io.kanana.core.model;

import io.kanana.core.config.Check;

/**
 * Rotary position embedding (Su et al., arXiv 2104.09864).
 *
 * @param theta the base of the frequencies
 * @param scaling how they are changed for longer contexts
 */
public record RopeConfig(double theta, RopeScaling scaling) {
  public RopeConfig {
    Check.that(theta > 1, "theta", "must be > 1, got %s", theta);
  }

  /** The D/2 angles per position. */
  public double[] inverseFrequencies(int headDim) {
    double[] plain = new double[headDim / 2];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = Math.pow(theta, -2.0 * i / headDim);
    }
    return scaling.apply(plain, theta);
  }

  /** What cosines and sines are multiplied by. */
  public double amplitude() {
    return scaling.amplitude();
  }
}
