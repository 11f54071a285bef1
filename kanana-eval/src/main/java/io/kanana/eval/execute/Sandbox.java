package io.kanana.eval.execute;

import io.kanana.core.error.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A kind of sandbox that has been tried on this machine and holds. There is no other way to run
 * code: where a guarantee cannot be had, there is no sandbox. What each guarantee needs of the
 * operating system is told in {@code docs/guides/code-execution.md}. Safe for use by several
 * threads.
 */
public final class Sandbox {
  private final Jail jail;
  private final List<Finding> findings;

  private Sandbox(Jail jail, List<Finding> findings) {
    this.jail = jail;
    this.findings = List.copyOf(findings);
  }

  /**
   * Tries all guarantees, which takes a second or two.
   *
   * @param python a path, or a name to look for in the PATH
   * @throws ConfigException where one does not hold, which names it, what was seen, and what it
   *     needs
   */
  public static Sandbox open(String python, Limits limits) {
    if (!System.getProperty("os.name").equals("Linux")) {
      throw new ConfigException(
          "",
          "running code needs Linux, for its namespaces; this is " + os() + ", so it is refused");
    }
    Interpreter interpreter = Interpreter.find(python);
    return of(Jail.of(interpreter, limits), Probe.of(interpreter).findings());
  }

  static Sandbox of(Jail jail, List<Finding> findings) {
    List<Finding> broken = findings.stream().filter(finding -> !finding.held()).toList();
    if (!broken.isEmpty()) {
      throw new ConfigException("", refusal(broken));
    }
    return new Sandbox(jail, findings);
  }

  private static String os() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT);
  }

  private static String refusal(List<Finding> broken) {
    boolean none = broken.size() == Guarantee.values().length;
    String what =
        none
            ? "no sandbox can be had here (" + broken.getFirst().seen() + ")" + hints()
            : broken.stream().map(Finding::toString).collect(Collectors.joining("; "));
    return "running code is refused: " + what + "; see docs/guides/code-execution.md";
  }

  /** What of this machine's settings may be the reason. */
  private static String hints() {
    return Stream.of(
            hint("/proc/sys/kernel/unprivileged_userns_clone", "0"),
            hint("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1"),
            hint("/proc/sys/user/max_user_namespaces", "0"),
            Files.exists(Path.of("/.dockerenv")) || Files.exists(Path.of("/run/.containerenv"))
                ? "; this is a container, and those of Docker and Podman forbid namespaces unless"
                    + " told otherwise"
                : "")
        .collect(Collectors.joining());
  }

  private static String hint(String setting, String forbidding) {
    try {
      return Files.readString(Path.of(setting)).strip().equals(forbidding)
          ? "; " + setting + " is " + forbidding
          : "";
    } catch (IOException _) {
      return ""; // a kernel without this setting
    }
  }

  /** What was tried, and held. */
  public List<Finding> findings() {
    return findings;
  }

  /** The Python that solutions run in, for reports: its path and version. */
  public String python() {
    return jail.python().executable() + " " + jail.python().version();
  }

  public Limits limits() {
    return jail.limits();
  }

  Jail jail() {
    return jail;
  }
}
