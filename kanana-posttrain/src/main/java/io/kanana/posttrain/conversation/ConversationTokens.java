package io.kanana.posttrain.conversation;

import java.util.Arrays;
import java.util.List;

/**
 * A conversation as tokens, and which of them are trained on.
 *
 * @param ids one id per token
 * @param turns what the assistant says, in order: never overlapping, never at token 0, which
 *     nothing precedes
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record ConversationTokens(int[] ids, List<Turn> turns) {
  /**
   * One turn of the assistant's. Its last token is the one that ends the turn.
   *
   * @param from the first token that is trained on
   * @param to the token after the last
   * @param textBytes bytes of UTF-8 that the tokens stand for, special tokens not among them
   */
  public record Turn(int from, int to, long textBytes) {}

  public ConversationTokens {
    turns = List.copyOf(turns);
    int before = 1;
    for (Turn turn : turns) {
      if (turn.from() < before || turn.to() <= turn.from() || turn.to() > ids.length) {
        throw new IllegalArgumentException(turn + " of " + ids.length + " tokens, after " + before);
      }
      before = turn.to();
    }
  }

  /** For each token whether it is trained on, so that its prediction is a target. */
  public boolean[] trained() {
    boolean[] trained = new boolean[ids.length];
    turns.forEach(turn -> Arrays.fill(trained, turn.from(), turn.to(), true));
    return trained;
  }

  /** How many tokens are trained on. */
  public int targets() {
    return turns.stream().mapToInt(turn -> turn.to() - turn.from()).sum();
  }

  /** Bytes of text that these stand for. */
  public long textBytes() {
    return turns.stream().mapToLong(Turn::textBytes).sum();
  }

  /**
   * As much of it as fits: it ends with a turn of the assistant's, and what stands behind the last
   * one is left out, since nothing is learnt there and nothing before depends on it.
   *
   * @param tokens the most that may be left
   */
  public ConversationTokens within(int tokens) {
    List<Turn> fitting = turns.stream().filter(turn -> turn.to() <= tokens).toList();
    int end = fitting.isEmpty() ? 0 : fitting.getLast().to();
    return new ConversationTokens(Arrays.copyOf(ids, end), fitting);
  }
}
