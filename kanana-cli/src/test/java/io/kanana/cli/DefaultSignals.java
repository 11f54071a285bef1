package io.kanana.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts a program with SIGINT at its default. Whatever runs in the background of a shell without a
 * terminal inherits that SIGINT is ignored, and a JVM leaves it at that; a test of Ctrl-C would
 * then wait for ever.
 */
final class DefaultSignals {
  private static final List<String> PREFIX = List.of("env", "--default-signal=INT");

  private DefaultSignals() {}

  /**
   * The command behind GNU's {@code env}, which becomes it and so keeps the process id; as it is
   * where there is none.
   */
  static List<String> command(List<String> command) {
    List<String> whole = new ArrayList<>();
    if (isAvailable()) {
      whole.addAll(PREFIX);
    }
    whole.addAll(command);
    return whole;
  }

  private static boolean isAvailable() {
    List<String> probe = new ArrayList<>(PREFIX);
    probe.add("true");
    try {
      return new ProcessBuilder(probe).start().waitFor() == 0;
    } catch (IOException e) {
      return false; // no env at all, as on Windows
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
