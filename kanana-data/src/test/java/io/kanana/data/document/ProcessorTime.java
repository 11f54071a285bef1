package io.kanana.data.document;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Bounds what something takes by the processor time of its own thread: a job at low priority on a
 * busy machine may get no processor for minutes.
 */
final class ProcessorTime {
  private static final long LOOK_MILLIS = 200;

  /** Whoever waits that long without working hangs, too. */
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private ProcessorTime() {}

  /**
   * Runs a task.
   *
   * @param what names it where it fails
   * @throws AssertionError where it throws or takes longer; it then runs on
   */
  static void within(Duration limit, Runnable task, Supplier<String> what) {
    FutureTask<Boolean> outcome = new FutureTask<>(task, true);
    Thread thread = Thread.ofPlatform().daemon().start(outcome);
    long begin = System.nanoTime();
    while (true) {
      try {
        outcome.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (ExecutionException e) {
        throw new AssertionError(what.get(), e.getCause());
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted: " + what.get(), e);
      } catch (TimeoutException e) {
        long taken = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId());
        if (taken > limit.toNanos() || System.nanoTime() - begin > LONGEST_WAIT.toNanos()) {
          e.setStackTrace(thread.getStackTrace()); // where it hangs
          throw new AssertionError(what.get() + " does not come back", e);
        }
      }
    }
  }
}
