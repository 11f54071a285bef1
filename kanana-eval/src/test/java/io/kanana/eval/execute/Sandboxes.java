package io.kanana.eval.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.error.ConfigException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * The sandbox of tests: opened once. Where the system has no namespaces to make one of, tests are
 * skipped visibly; where it has, a sandbox that is refused is a failure.
 */
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
        assertThat(hasNamespaces()).as("%s, though there are namespaces", e.getMessage()).isFalse();
        refusal = e.getMessage();
      }
    }
    Assumptions.assumeTrue(sandbox != null, () -> refusal);
    return sandbox;
  }

  private static boolean hasNamespaces() {
    List<String> command = new ArrayList<>(HostUser.stepDown());
    command.addAll(
        List.of("unshare", "--map-root-user", "--pid", "--fork", "--mount-proc", "true"));
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
