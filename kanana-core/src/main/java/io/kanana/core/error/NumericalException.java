package io.kanana.core.error;

/** A run whose numbers went wrong: names the step, the quantity and, where known, the parameter. */
public final class NumericalException extends KananaException {
  public NumericalException(String message) {
    super(5, message, null);
  }
}
