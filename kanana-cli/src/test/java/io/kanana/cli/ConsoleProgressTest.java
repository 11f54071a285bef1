package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {
  /** A clock that stands still until it is told. */
  private static final class HandClock extends Clock {
    private Instant now = Instant.EPOCH;

    void advance(long millis) {
      now = now.plusMillis(millis);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final HandClock clock = new HandClock();

  private ConsoleProgress progress(boolean terminal) {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    return new ConsoleProgress(out, clock, terminal);
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void withoutATerminalStatusLinesComeEveryTenSeconds() {
    try (ConsoleProgress progress = progress(false)) {
      progress.status("step 1");
      clock.advance(9_999);
      progress.status("step 2");
      progress.line("saved");
      clock.advance(1);
      progress.status("step 3");
    }
    assertThat(printed()).isEqualTo("step 1%nsaved%nstep 3%n".formatted());
  }

  @Test
  void onATerminalOneLiveLineStaysBelowTheOthers() {
    try (ConsoleProgress progress = progress(true)) {
      progress.status("step 1");
      progress.status("too soon");
      progress.line("saved");
    }
    String live = "\r\033[2K\033[?7lstep 1\033[?7h";
    assertThat(printed())
        .isEqualTo(live + "\r\033[2Ksaved%n".formatted() + live + "%n".formatted());
  }
}
