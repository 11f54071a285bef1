package io.kanana.core.model;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import java.util.List;

/** The ways to change rotary frequencies, for {@code model.rope.scaling}. */
public final class ModelExtensions implements ExtensionProvider {
  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            RopeScaling.class, "none", RopeScaling.None.class, "Frequencies as they are.", ""),
        new Extension<>(
            RopeScaling.class,
            "linear",
            RopeScaling.Linear.class,
            "Positions divided by a factor.",
            ""),
        new Extension<>(
            RopeScaling.class,
            "llama3",
            RopeScaling.Llama3.class,
            "Llama 3.1's blend of stretched and plain frequencies.",
            "{low-frequency-factor: 1.0, high-frequency-factor: 4.0}"),
        new Extension<>(
            RopeScaling.class,
            "yarn",
            RopeScaling.Yarn.class,
            "YaRN's ramp between plain and stretched frequencies.",
            "{beta-fast: 32, beta-slow: 1}"));
  }
}
