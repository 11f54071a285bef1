package io.kanana.core.error;

/**
 * Input data that cannot be read: names the file and, where there is one, the line or byte offset.
 */
public final class DataException extends KananaException {
  public DataException(String message) {
    this(message, null);
  }

  public DataException(String message, Throwable cause) {
    super(3, message, cause);
  }

  @Override
  public DataException within(String part) {
    return new DataException(part + ": " + getMessage(), this);
  }
}
