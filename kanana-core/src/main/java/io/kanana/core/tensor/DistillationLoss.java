package io.kanana.core.tensor;

import io.kanana.core.error.BackendException;

/**
 * What a student loses on a target: {@code divergenceScale * D + crossEntropyScale * (crossEntropy
 * + zLoss * lse^2)}, with D between the distributions softmax(logits / temperature), and the rest
 * at temperature 1. Nothing is multiplied by the square of the temperature: who wants gradients of
 * one size at every temperature (Hinton et al., arXiv 1503.02531, section 2) has it in the scale.
 *
 * @param teacherShare beta, the share of the teacher in the mixture; read by {@link
 *     Divergence#JENSEN_SHANNON} alone
 */
public record DistillationLoss(
    Divergence divergence,
    double teacherShare,
    double temperature,
    double divergenceScale,
    double crossEntropyScale,
    double zLoss) {
  /** The sums that kernels add to, unscaled: of the divergences, ... */
  public static final int DIVERGENCE = 0;

  /** ... of the cross entropies, ... */
  public static final int CROSS_ENTROPY = 1;

  /** ... and of lse^2. */
  public static final int SQUARED_LOG_Z = 2;

  /** How many there are. */
  public static final int SUMS = 3;

  public DistillationLoss {
    if (!(temperature > 0) || temperature == Double.POSITIVE_INFINITY) {
      throw new BackendException("distillation: temperature must be > 0, got " + temperature);
    }
    if (divergence == Divergence.JENSEN_SHANNON && !(teacherShare > 0 && teacherShare < 1)) {
      throw new BackendException(
          "distillation: the teacher's share must lie between 0 and 1, got " + teacherShare);
    }
  }

  /** The divergence alone. */
  public static DistillationLoss of(
      Divergence divergence, double teacherShare, double temperature, double scale) {
    return new DistillationLoss(divergence, teacherShare, temperature, scale, 0, 0);
  }
}
