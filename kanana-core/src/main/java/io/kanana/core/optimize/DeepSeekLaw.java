package io.kanana.core.optimize;

import io.kanana.core.model.ModelConfig;

/**
 * Peak learning rate and batch size by compute, as fitted by DeepSeek LLM (arXiv 2401.02954,
 * section 3.1 and equation 1). Fitted between 1e17 and 2e19 FLOPs, checked there at 1e20; anything
 * else is extrapolation.
 *
 * <p>Compute is C = M D, where D are training tokens and M ({@link #flopsPerToken}) leaves out the
 * embedding and counts attention.
 */
public final class DeepSeekLaw {
  private DeepSeekLaw() {}

  /**
   * The peak learning rate, 0.3118 C^-0.1250.
   *
   * @param compute in FLOPs
   */
  public static double learningRate(double compute) {
    return 0.3118 * Math.pow(positive(compute), -0.1250);
  }

  /**
   * The batch of one update in tokens, 0.2920 C^0.3271.
   *
   * @param compute in FLOPs
   */
  public static double batchTokens(double compute) {
    return 0.2920 * Math.pow(positive(compute), 0.3271);
  }

  /** M = 72 layers hiddenSize^2 + 12 layers hiddenSize sequence, in FLOPs per token. */
  public static double flopsPerToken(int layers, int hiddenSize, int sequence) {
    return 12.0 * layers * hiddenSize * (6.0 * hiddenSize + sequence);
  }

  /**
   * C of a training run, in FLOPs.
   *
   * @param tokens of the run
   */
  public static double compute(ModelConfig model, long tokens) {
    return flopsPerToken(model.layers(), model.hiddenSize(), model.contextLength()) * tokens;
  }

  private static double positive(double compute) {
    if (!(compute > 0 && compute < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("compute must be finite and > 0 FLOPs, got " + compute);
    }
    return compute;
  }
}
