package io.kanana.posttrain.preference;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import java.util.List;

/** Sources of pairs for reward models. */
public final class RewardExtensions implements ExtensionProvider {
  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            RewardPairs.Config.class,
            "preferences",
            RewardPreferences.class,
            "Records of a prompt, a chosen and a rejected answer.",
            ""),
        new Extension<>(
            RewardPairs.Config.class,
            "rated",
            RewardRatedTexts.class,
            "Pairs of a higher and a lower rated text, drawn from rated ones.",
            """
            text-field: text
            rating-field: rating
            pairs-per-text: 1
            least-gap: 1
            margin-per-point: 0
            """));
  }
}
