package io.kanana.posttrain.preference;

import io.kanana.core.config.Check;
import java.util.List;

/**
 * Pairs of answers to prompts ({@code type: preferences}), as {@code job: dpo} reads them. A pair
 * is held out by its prompt.
 *
 * @param files sources of pairs; a plain text is a path
 */
public record RewardPreferences(List<PreferenceSource.Config> files) implements RewardPairs.Config {
  public RewardPreferences {
    files = List.copyOf(files);
    Check.that(!files.isEmpty(), "files", "must name at least one source");
  }

  @Override
  public RewardPairs create() {
    return (key, heldOut, quarantine, taker) ->
        files.forEach(
            source ->
                source
                    .create()
                    .read(
                        quarantine,
                        pair ->
                            taker.take(
                                RewardPair.of(pair, heldOut.contains(pair.chosen().question())))));
  }
}
