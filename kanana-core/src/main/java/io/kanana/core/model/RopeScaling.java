package io.kanana.core.model;

import io.kanana.core.config.Check;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How rotary frequencies are changed so that a model reads longer contexts than it was trained on.
 * All give the inverse frequencies and the factor of cosines and sines that transformers computes.
 */
public sealed interface RopeScaling {
  /**
   * The type's name in configurations: {@code none}, {@code linear}, {@code llama3}, {@code yarn}.
   */
  String type();

  /**
   * The D/2 angles per position.
   *
   * @param plain theta^(-2i/D) for i in 0 ... D/2 - 1
   */
  double[] apply(double[] plain, double theta);

  /** What cosines and sines are multiplied by. */
  double amplitude();

  private static void checkFactor(double factor) {
    Check.that(factor >= 1, "factor", "must be at least 1, got %s", factor);
  }

  /** The frequencies as they are. */
  record None() implements RopeScaling {
    @Override
    public String type() {
      return "none";
    }

    @Override
    public double[] apply(double[] plain, double theta) {
      return plain.clone();
    }

    @Override
    public double amplitude() {
      return 1;
    }
  }

  /**
   * Positions divided by a factor (Chen et al., arXiv 2306.15595).
   *
   * @param factor at least 1
   */
  record Linear(double factor) implements RopeScaling {
    public Linear {
      checkFactor(factor);
    }

    @Override
    public String type() {
      return "linear";
    }

    @Override
    public double[] apply(double[] plain, double theta) {
      double[] scaled = plain.clone();
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] /= factor;
      }
      return scaled;
    }

    @Override
    public double amplitude() {
      return 1;
    }
  }

  /**
   * Llama 3.1's: wavelengths beyond {@code originalContext / lowFrequencyFactor} are stretched by
   * the factor, those below {@code originalContext / highFrequencyFactor} are left, the rest are
   * blended.
   */
  record Llama3(
      double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext)
      implements RopeScaling {
    public Llama3 {
      checkFactor(factor);
      Check.that(originalContext > 0, "original-context", "must be > 0, got %s", originalContext);
      Check.that(
          highFrequencyFactor > lowFrequencyFactor,
          List.of("high-frequency-factor", "low-frequency-factor"),
          "must be > low-frequency-factor (%s), got %s",
          lowFrequencyFactor,
          highFrequencyFactor);
    }

    @Override
    public String type() {
      return "llama3";
    }

    @Override
    public double[] apply(double[] plain, double theta) {
      double[] scaled = new double[plain.length];
      for (int i = 0; i < plain.length; i++) {
        double rotations = originalContext * plain[i] / (2 * Math.PI);
        double blend =
            (rotations - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
        double kept = Math.clamp(blend, 0.0, 1.0);
        scaled[i] = (1 - kept) * plain[i] / factor + kept * plain[i];
      }
      return scaled;
    }

    @Override
    public double amplitude() {
      return 1;
    }
  }

  /**
   * YaRN (Peng et al., arXiv 2309.00071, section 3.2): dimensions that turn more than {@code
   * betaFast} times over the original context are left, those that turn less than {@code betaSlow}
   * times are stretched, with a linear ramp between.
   *
   * @param attentionFactor of cosines and sines; where it is absent the paper's 0.1 ln(factor) + 1
   */
  record Yarn(
      double factor,
      int originalContext,
      double betaFast,
      double betaSlow,
      OptionalDouble attentionFactor)
      implements RopeScaling {
    public Yarn {
      checkFactor(factor);
      Check.that(originalContext > 0, "original-context", "must be > 0, got %s", originalContext);
      Check.that(
          betaFast > betaSlow && betaSlow > 0,
          List.of("beta-fast", "beta-slow"),
          "must be > beta-slow (%s), which must be > 0, got %s",
          betaSlow,
          betaFast);
    }

    /** The paper's settings. */
    public static Yarn of(double factor, int originalContext) {
      return new Yarn(factor, originalContext, 32, 1, OptionalDouble.empty());
    }

    @Override
    public String type() {
      return "yarn";
    }

    @Override
    public double[] apply(double[] plain, double theta) {
      int dim = 2 * plain.length;
      double low = Math.max(Math.floor(dimension(betaFast, dim, theta)), 0);
      double high = Math.min(Math.ceil(dimension(betaSlow, dim, theta)), dim - 1);
      double width = high == low ? 0.001 : high - low;
      double[] scaled = new double[plain.length];
      for (int i = 0; i < plain.length; i++) {
        double stretched = Math.clamp((i - low) / width, 0.0, 1.0);
        scaled[i] = stretched * plain[i] / factor + (1 - stretched) * plain[i];
      }
      return scaled;
    }

    @Override
    public double amplitude() {
      return attentionFactor.orElseGet(() -> 0.1 * Math.log(factor) + 1);
    }

    /** The dimension whose wave turns {@code rotations} times over the original context. */
    private double dimension(double rotations, int dim, double theta) {
      return dim * Math.log(originalContext / (rotations * 2 * Math.PI)) / (2 * Math.log(theta));
    }
  }
}
