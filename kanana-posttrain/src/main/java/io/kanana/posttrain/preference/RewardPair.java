package io.kanana.posttrain.preference;

import java.util.Optional;

/**
 * Two answers, as texts.
 *
 * @param conversations both with what they answer; absent where they are texts that stand for
 *     themselves
 * @param margin how much better the chosen one is; 0 where nothing is said
 * @param heldOut whether it is measured on and never trained on
 */
public record RewardPair(
    Optional<PreferencePair> conversations,
    String chosen,
    String rejected,
    double margin,
    boolean heldOut) {
  /** Two answers to a prompt. */
  static RewardPair of(PreferencePair pair, boolean heldOut) {
    return new RewardPair(
        Optional.of(pair),
        pair.chosen().messages().getLast().content(),
        pair.rejected().messages().getLast().content(),
        pair.margin(),
        heldOut);
  }
}
