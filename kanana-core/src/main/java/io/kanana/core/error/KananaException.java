package io.kanana.core.error;

/**
 * A failure that the user can act on. The message is one line that says what was wrong, the value
 * found, the rule, and what to do; the command line prints it without a stack trace and exits with
 * {@link #exitCode()}.
 *
 * <p>Anything else that is thrown is a bug of ours (exit code 70).
 */
public abstract sealed class KananaException extends RuntimeException
    permits ConfigException,
        DataException,
        CheckpointException,
        NumericalException,
        BackendException {

  private final int exitCode;

  KananaException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** The same failure as one of a named part of the run, with which each line begins. */
  public abstract KananaException within(String part);

  /**
   * The exit status of a command that fails with this: 2 config, 3 data, 4 checkpoint, 5 numerical,
   * 6 back end.
   */
  public final int exitCode() {
    return exitCode;
  }
}
