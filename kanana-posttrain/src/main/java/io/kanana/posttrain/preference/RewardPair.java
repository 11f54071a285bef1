package io.kanana.posttrain.preference;

import io.kanana.core.template.ChatMessage;
import java.util.List;

/**
 * Two answers to one prompt, as texts.
 *
 * @param id names the pair in messages
 * @param prompt the conversation so far, which ends with the user; empty where the answers are
 *     texts that stand for themselves
 * @param margin how much better the chosen one is; 0 where nothing is said
 * @param heldOut whether it is measured on and never trained on
 */
public record RewardPair(
    String id,
    List<ChatMessage> prompt,
    String chosen,
    String rejected,
    double margin,
    boolean heldOut) {
  public RewardPair {
    prompt = List.copyOf(prompt);
  }
}
