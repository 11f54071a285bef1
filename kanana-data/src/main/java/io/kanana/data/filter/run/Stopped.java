package io.kanana.data.filter.run;

/** The run was asked to stop; not an error, so without a stack trace. */
final class Stopped extends RuntimeException {
  private static final long serialVersionUID = 1;

  Stopped() {
    super("the run was asked to stop", null, false, false);
  }
}
