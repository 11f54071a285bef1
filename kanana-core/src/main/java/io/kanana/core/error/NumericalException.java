package io.kanana.core.error;

/** A run whose numbers went wrong: names the step, the quantity and, where known, the parameter. */
public final class NumericalException extends KananaException {
  public NumericalException(String message) {
    this(message, null);
  }

  private NumericalException(String message, Throwable cause) {
    super(5, message, cause);
  }

  @Override
  public NumericalException within(String part) {
    return new NumericalException(part + ": " + getMessage(), this);
  }
}
