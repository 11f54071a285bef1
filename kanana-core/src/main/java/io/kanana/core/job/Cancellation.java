package io.kanana.core.job;

/**
 * The wish that a job stop. A job looks at it between steps, writes what it needs to resume, and
 * returns. Thread-safe.
 */
public final class Cancellation {
  private volatile boolean requested;

  /** Asks the job to stop at its next safe point. */
  public void request() {
    requested = true;
  }

  /** Whether somebody asked. */
  public boolean requested() {
    return requested;
  }
}
