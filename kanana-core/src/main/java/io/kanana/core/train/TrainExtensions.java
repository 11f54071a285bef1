package io.kanana.core.train;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import java.util.List;

/** Training objectives. */
public final class TrainExtensions implements ExtensionProvider {
  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            TrainingObjective.Config.class,
            "next-token",
            NextToken.Config.class,
            "Cross entropy of the next token, with z-loss.",
            "z-loss: 0.0"));
  }
}
