package io.kanana.core.model;

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
  double attentionFactor();

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
    public double attentionFactor() {
      return 1;
    }
  }

  /**
   * Positions divided by a factor (Chen et al., arXiv 2306.15595).
   *
   * @param factor at least 1
   */
  record Linear(double factor) implements RopeScaling {
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
    public double attentionFactor() {
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
    public double attentionFactor() {
      return 1;
    }
  }

  /**
   * YaRN (Peng et al., arXiv 2309.00071, section 3.2): dimensions that turn more than {@code
   * betaFast} times over the original context are left, those that turn less than {@code betaSlow}
   * times are stretched, with a linear ramp between.
   *
   * @param attentionFactor of cosines and sines; the paper's is 0.1 ln(factor) + 1
   */
  record Yarn(
      double factor, int originalContext, double betaFast, double betaSlow, double attentionFactor)
      implements RopeScaling {
    /** The paper's settings. */
    public static Yarn of(double factor, int originalContext) {
      return new Yarn(factor, originalContext, 32, 1, 0.1 * Math.log(factor) + 1);
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

    /** The dimension whose wave turns {@code rotations} times over the original context. */
    private double dimension(double rotations, int dim, double theta) {
      return dim * Math.log(originalContext / (rotations * 2 * Math.PI)) / (2 * Math.log(theta));
    }
  }
}
