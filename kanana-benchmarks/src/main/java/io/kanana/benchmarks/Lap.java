package io.kanana.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntToLongFunction;

/** Times of the same work, again and again. */
final class Lap {
  private Lap() {}

  /** Seconds of each round, after as many that are not timed. */
  static double[] timed(int rounds, Runnable work) {
    for (int i = 0; i < rounds; i++) {
      work.run();
    }
    double[] seconds = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      long begun = System.nanoTime();
      work.run();
      seconds[i] = 1e-9 * (System.nanoTime() - begun);
    }
    return seconds;
  }

  /** The sum of what each part gives, one thread a part. */
  static long parts(int threads, IntToLongFunction part) {
    List<Future<Long>> running = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      for (int i = 0; i < threads; i++) {
        int number = i;
        running.add(executor.submit(() -> part.applyAsLong(number)));
      }
    }
    return running.stream().mapToLong(Lap::result).sum();
  }

  private static long result(Future<Long> ended) {
    try {
      return ended.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
