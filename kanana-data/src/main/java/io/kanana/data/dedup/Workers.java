package io.kanana.data.dedup;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Numbered tasks, spread over threads. */
final class Workers {
  private Workers() {}

  /**
   * Runs tasks 0 ... count - 1 and waits for them; what the first that fails throws is thrown as it
   * is once all threads have ended.
   */
  static void run(int threads, int count, IntConsumer task) {
    AtomicInteger next = new AtomicInteger();
    Runnable worker =
        () -> {
          for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            task.accept(i);
          }
        };
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(Math.clamp(count, 1, threads))) {
      for (int n = 0; n < Math.clamp(count, 1, threads); n++) {
        running.add(executor.submit(worker));
      }
    }
    running.forEach(Workers::result);
  }

  private static void result(Future<?> ended) {
    try {
      ended.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while comparing documents", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
