package io.kanana.eval.request;

/**
 * A turn of a prompt.
 *
 * @param role {@code system}, {@code user} or {@code assistant}
 * @param delimiter follows it where the prompt is plain text, and is left out of a conversation
 */
public record Message(String role, String content, String delimiter) {
  public static Message system(String content) {
    return new Message("system", content, "");
  }

  public static Message user(String content, String delimiter) {
    return new Message("user", content, delimiter);
  }

  public static Message assistant(String content, String delimiter) {
    return new Message("assistant", content, delimiter);
  }

  /** The turn as a part of plain text. */
  public String text() {
    return content + delimiter;
  }

  Message withDelimiter(String other) {
    return new Message(role, content, other);
  }
}
