package io.kanana.eval.metric;

import io.kanana.core.error.ConfigException;
import io.kanana.eval.execute.Limits;
import io.kanana.eval.execute.Sandbox;
import io.kanana.eval.execute.SolutionTests;
import java.util.HashMap;
import java.util.Map;

/** What metrics may do, and what they share. Safe for use by several threads. */
public final class MetricContext {
  private record Settings(String python, Limits limits) {}

  private final boolean runCode;
  private final Map<Settings, SolutionTests> sandboxes = new HashMap<>();

  /**
   * @param runCode whether programs that a model wrote may be run
   */
  public MetricContext(boolean runCode) {
    this.runCode = runCode;
  }

  /**
   * Where programs are run.
   *
   * @param python a path, or a name to look for
   * @throws ConfigException if no code may be run, or no sandbox can be had here
   */
  synchronized SolutionTests sandbox(String python, Limits limits) {
    if (!runCode) {
      throw new ConfigException(
          "run-code",
          "is false, but a task runs what the model wrote; set it to true to have that done in a sandbox");
    }
    return sandboxes.computeIfAbsent(
        new Settings(python, limits),
        key -> new SolutionTests(Sandbox.open(key.python, key.limits)));
  }
}
