package io.kanana.eval.execute;

import io.kanana.core.error.ConfigException;
import org.junit.jupiter.api.Assumptions;

/** The sandbox of tests: opened once, and its absence skips them visibly. */
final class Sandboxes {
  /** Reached fast, and yet with room for a machine that is busy with other tests. */
  private static final Limits LIMITS = new Limits(1, 10, 256, 8, 4);

  private static Sandbox sandbox;
  private static String refusal;

  private Sandboxes() {}

  static synchronized Sandbox sandbox() {
    if (sandbox == null && refusal == null) {
      try {
        sandbox = Sandbox.open("python3", LIMITS);
      } catch (ConfigException e) {
        refusal = e.getMessage();
      }
    }
    Assumptions.assumeTrue(sandbox != null, () -> refusal);
    return sandbox;
  }
}
