package io.kanana.posttrain.conversation;

/** What becomes of a conversation that is longer than a sequence. */
public enum TooLong {
  /** It is left out, and counted as {@code too-long}. */
  DROP,
  /**
   * It ends with the last turn of the assistant's that fits, and is counted as cut; one of which no
   * turn fits is left out as {@code too-long}.
   */
  CUT
}
