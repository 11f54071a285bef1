package io.kanana.core.optimize;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import java.util.List;

/** Optimizers and learning-rate schedules. */
public final class OptimizeExtensions implements ExtensionProvider {
  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            Optimizer.Config.class,
            "adamw",
            AdamW.Config.class,
            "Adam with decoupled weight decay, coupled to the rate or independent of it.",
            "{beta1: 0.9, beta2: 0.95, epsilon: 1.0e-8, weight-decay: 0.1, decay: coupled}"),
        schedule(
            "warmup-cosine",
            WarmupCosine.class,
            "Linear warm-up, then half a cosine down to a share of the peak rate.",
            "{warmup: {share: 0.01}, final-factor: 0.1}"),
        schedule(
            "wsd",
            WarmupStableDecay.class,
            "Linear warm-up, the peak rate, then a decay over the last part of the run.",
            "{warmup: {share: 0.01}, decay: {share: 0.1}, shape: sqrt, final-factor: 0.0}"),
        schedule(
            "multi-step",
            MultiStep.class,
            "Linear warm-up, then a rate that falls at milestones of the run (DeepSeek LLM's).",
            "{warmup: {share: 0.01}, milestones: [0.8, 0.9], factors: [0.316, 0.1]}"),
        schedule(
            "linear",
            WarmupLinear.class,
            "Linear warm-up, then a straight line down to a share of the peak rate.",
            "{warmup: {share: 0.01}, final-factor: 0.0}"),
        schedule(
            "constant",
            WarmupConstant.class,
            "The peak rate throughout, after a linear warm-up if there is one.",
            "warmup: {steps: 0}"),
        schedule(
            "part",
            Part.class,
            "The part of another schedule that one stage of a longer run takes.",
            "{from: 0.0, to: 1.0}"));
  }

  private static Extension<LrSchedule.Config> schedule(
      String name, Class<? extends LrSchedule.Config> config, String summary, String defaults) {
    return new Extension<>(LrSchedule.Config.class, name, config, summary, defaults);
  }
}
