package io.kanana.cli;

import io.kanana.core.job.Progress;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Progress for a person: on a terminal one live line below the lines that stay; elsewhere, such as
 * in a log file, plain lines and a status at most every ten seconds. Thread-safe.
 */
final class ConsoleProgress implements Progress, AutoCloseable {
  private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(10);
  private static final Duration LIVE_INTERVAL = Duration.ofMillis(100);
  private static final String CLEAR_LINE = "\r\033[2K";
  // a status wider than the window is cut by the terminal, instead of leaving a trail of lines
  private static final String NO_WRAP = "\033[?7l";
  private static final String WRAP = "\033[?7h";

  private final PrintStream out;
  private final Clock clock;
  private final boolean terminal;
  private Instant nextStatus = Instant.MIN;
  private String live = "";

  ConsoleProgress(PrintStream out, Clock clock, boolean terminal) {
    this.out = out;
    this.clock = clock;
    this.terminal = terminal;
  }

  /** On standard output, which the launcher knows to be a terminal or not. */
  static ConsoleProgress standardOutput(Clock clock) {
    return new ConsoleProgress(System.out, clock, Boolean.getBoolean("kanana.terminal"));
  }

  @Override
  public synchronized void line(String text) {
    out.println(live.isEmpty() ? text : CLEAR_LINE + text);
    if (!live.isEmpty()) {
      show(live);
    }
    out.flush();
  }

  @Override
  public synchronized void status(String text) {
    Instant now = clock.instant();
    if (now.isBefore(nextStatus)) {
      return;
    }
    nextStatus = now.plus(terminal ? LIVE_INTERVAL : PLAIN_INTERVAL);
    if (terminal) {
      live = text;
      show(text);
    } else {
      out.println(text);
    }
    out.flush();
  }

  private void show(String text) {
    out.print(CLEAR_LINE + NO_WRAP + text + WRAP);
  }

  /** Leaves the last status standing as a line of its own. */
  @Override
  public synchronized void close() {
    if (!live.isEmpty()) {
      out.println();
      live = "";
    }
    out.flush();
  }
}
