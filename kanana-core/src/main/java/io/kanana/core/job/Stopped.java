package io.kanana.core.job;

/**
 * Breaks off what cannot end early in another way, because {@link Cancellation} asked for it: a job
 * throws it deep in a pass over documents and catches it in its own {@code run}, which then returns
 * as after any orderly stop. Not an error, so without a stack trace and no {@link
 * io.kanana.core.error.KananaException}.
 */
public final class Stopped extends RuntimeException {
  private static final long serialVersionUID = 1;

  public Stopped() {
    super("the run was asked to stop", null, false, false);
  }
}
