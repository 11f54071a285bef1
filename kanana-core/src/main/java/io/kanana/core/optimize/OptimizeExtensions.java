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
            "{beta1: 0.9, beta2: 0.95, epsilon: 1.0e-8, weight-decay: 0.1, decay: coupled}"));
  }
}
