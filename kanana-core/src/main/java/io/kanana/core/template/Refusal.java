package io.kanana.core.template;

/**
 * The cause of a {@link io.kanana.core.error.DataException} where a template itself refused the
 * messages: its message is, to the letter, what the template passed to {@code raise_exception}.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Refusal(String message) {
    super(message, null, false, false);
  }
}
