package io.kanana.posttrain.conversation;

import java.util.Locale;

/** Who speaks. */
public enum Role {
  SYSTEM,
  USER,
  ASSISTANT,
  /** What a function that the assistant called has answered. */
  TOOL;

  /** The name as chat templates know it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
