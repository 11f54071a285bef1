package io.kanana.core.error;

/**
 * A back end that is missing, or an operation it was asked for wrongly: names the operation and the
 * shapes.
 */
public final class BackendException extends KananaException {
  public BackendException(String message) {
    this(message, null);
  }

  public BackendException(String message, Throwable cause) {
    super(6, message, cause);
  }

  @Override
  public BackendException within(String part) {
    return new BackendException(part + ": " + getMessage(), this);
  }
}
