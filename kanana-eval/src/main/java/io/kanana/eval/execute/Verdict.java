package io.kanana.eval.execute;

/**
 * What came of a solution.
 *
 * @param detail for a person: the exception, the line of the tests; empty where it passed. It may
 *     quote the solution
 */
public record Verdict(Outcome outcome, String detail) {
  /** The ways in which a run ends. */
  public enum Outcome {
    /** The tests came to their end. */
    PASSED,
    /** A test, or the solution, threw an exception. */
    FAILED,
    /** Processor time or time was used up. */
    TIMED_OUT,
    /** Memory was used up. */
    OUT_OF_MEMORY,
    /** The process of the solution left, with whatever status, or was killed. */
    LEFT,
    /** A value was too large to be looked at. */
    TOO_MUCH_OUTPUT
  }

  public boolean passed() {
    return outcome == Outcome.PASSED;
  }
}
