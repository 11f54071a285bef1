package io.kanana.pretrain.distill;

import io.kanana.core.config.Check;
import io.kanana.core.tensor.DistillationLoss;
import io.kanana.core.tensor.Divergence;
import io.kanana.core.tensor.TeacherRest;
import java.util.List;
import java.util.Optional;

/**
 * What a student loses: the mean over the targets of {@code (1 - crossEntropy) * temperature^2 * D
 * + crossEntropy * (cross entropy + zLoss * lse^2)}, with D between the distributions
 * softmax(logits / temperature). The square keeps gradients of one size at every temperature
 * (Hinton et al., arXiv 1503.02531, section 2); the report and Minitron are temperature 1, forward,
 * without cross entropy.
 *
 * @param divergence D
 * @param teacherShare beta of Jensen-Shannon
 * @param temperature of both distributions
 * @param crossEntropy the share of the cross entropy, 0 for none
 * @param zLoss beside the cross entropy
 * @param topK so many of the teacher's most probable tokens count; 0 for all
 * @param rest what becomes of its other tokens
 * @param hiddenStates what is added for residual streams that differ, if anything
 */
public record LossConfig(
    Divergence divergence,
    double teacherShare,
    double temperature,
    double crossEntropy,
    double zLoss,
    int topK,
    TeacherRest rest,
    Optional<HiddenStates.Config> hiddenStates) {
  public LossConfig {
    Check.that(
        temperature > 0 && temperature < Double.POSITIVE_INFINITY,
        "temperature",
        "must be > 0, got %s",
        temperature);
    Check.that(
        teacherShare > 0 && teacherShare < 1,
        "teacher-share",
        "must lie between 0 and 1, got %s",
        teacherShare);
    Check.that(
        crossEntropy >= 0 && crossEntropy < 1,
        "cross-entropy",
        "must be at least 0 and below 1, got %s; job pretrain trains by it alone",
        crossEntropy);
    Check.that(zLoss >= 0, "z-loss", "must be >= 0, got %s", zLoss);
    Check.that(topK >= 0, "top-k", "must be at least 0, got %s", topK);
    Check.that(
        rest != TeacherRest.DROPPED_BY_TEACHER || divergence == Divergence.FORWARD,
        List.of("rest", "divergence"),
        "must not be dropped-by-teacher with another divergence than forward, which is infinite");
  }

  private double divergenceWeight() {
    return (1 - crossEntropy) * temperature * temperature;
  }

  /**
   * As kernels take it.
   *
   * @param scale one over the number of targets of the whole step
   */
  DistillationLoss scaled(double scale) {
    return new DistillationLoss(
        divergence,
        teacherShare,
        temperature,
        scale * divergenceWeight(),
        scale * crossEntropy,
        zLoss);
  }

  /** The loss of sums in the order of {@link DistillationLoss}. */
  double of(double[] sums, long targets) {
    double own =
        sums[DistillationLoss.CROSS_ENTROPY] + zLoss * sums[DistillationLoss.SQUARED_LOG_Z];
    return (divergenceWeight() * sums[DistillationLoss.DIVERGENCE] + crossEntropy * own) / targets;
  }
}
