package io.kanana.core.error;

/**
 * A checkpoint or other artefact that cannot be read or written: names the path and what did not
 * match.
 */
public final class CheckpointException extends KananaException {
  public CheckpointException(String message) {
    this(message, null);
  }

  public CheckpointException(String message, Throwable cause) {
    super(4, message, cause);
  }

  @Override
  public CheckpointException within(String part) {
    return new CheckpointException(part + ": " + getMessage(), this);
  }
}
