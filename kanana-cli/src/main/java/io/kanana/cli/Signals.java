package io.kanana.cli;

import io.kanana.core.job.Cancellation;
import java.lang.reflect.Proxy;

/**
 * Ctrl-C and {@code kill}: the first asks the job for an orderly stop, the second ends the program
 * at once. Both exit with 128 + the signal's number, as a shell expects.
 *
 * <p>A shutdown hook could not tell the first from the second, hence {@code sun.misc.Signal}; by
 * reflection, because the compiler's warning about it cannot be suppressed.
 */
final class Signals {
  private static final int INTERRUPT = 128 + 2;
  private static final int TERMINATE = 128 + 15;

  private final Cancellation cancellation;
  private final ConsoleProgress progress;
  private volatile int exitStatus;

  private Signals(Cancellation cancellation, ConsoleProgress progress) {
    this.cancellation = cancellation;
    this.progress = progress;
  }

  static Signals install(Cancellation cancellation, ConsoleProgress progress) {
    Signals signals = new Signals(cancellation, progress);
    handle("INT", () -> signals.received(INTERRUPT));
    handle("TERM", () -> signals.received(TERMINATE));
    return signals;
  }

  /** 0 while nothing was received. */
  int exitStatus() {
    return exitStatus;
  }

  /** Lets {@code action} answer a signal, on a thread of its own. */
  static void handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object received =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (_, _, _) -> {
                action.run();
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), received);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no handler for signal " + name, e);
    }
  }

  private void received(int status) {
    if (cancellation.requested()) {
      Runtime.getRuntime().halt(status);
    }
    exitStatus = status;
    cancellation.request();
    progress.line("stopping at the next safe point; once more ends at once");
  }
}
