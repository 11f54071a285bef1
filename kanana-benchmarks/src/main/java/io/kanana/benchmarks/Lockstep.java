package io.kanana.benchmarks;

import java.util.Arrays;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;

/** Runs the same work on several threads at the same time, again and again. */
final class Lockstep {
  /** A thread that failed never comes; then the others must not wait for ever. */
  private static final int LONGEST_WAIT_SECONDS = 60;

  private final CyclicBarrier barrier;
  private final long[] starts;
  private final long[] ends;

  private Lockstep(int threads) {
    this.barrier = new CyclicBarrier(threads);
    this.starts = new long[threads];
    this.ends = new long[threads];
  }

  /**
   * The shortest time, of {@code trials}, from the first thread's start to the last one's end.
   *
   * @param work what the thread of that number, from 0, does
   */
  static double bestSeconds(int threads, int trials, IntConsumer work) {
    Lockstep lockstep = new Lockstep(threads);
    double[] best = {Double.POSITIVE_INFINITY};
    Thread[] others = new Thread[threads - 1];
    for (int i = 1; i < threads; i++) {
      int number = i;
      others[i - 1] =
          Thread.ofPlatform().daemon().start(() -> lockstep.repeat(number, trials, work, best));
    }
    lockstep.repeat(0, trials, work, best);
    return best[0];
  }

  private void repeat(int number, int trials, IntConsumer work, double[] best) {
    for (int trial = 0; trial < trials; trial++) {
      await();
      starts[number] = System.nanoTime();
      work.accept(number);
      ends[number] = System.nanoTime();
      await();
      if (number == 0) {
        long start = Arrays.stream(starts).min().orElseThrow();
        long end = Arrays.stream(ends).max().orElseThrow();
        best[0] = Math.min(best[0], (end - start) / 1e9);
      }
    }
  }

  private void await() {
    try {
      barrier.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException("a thread of a measurement failed or was interrupted", e);
    }
  }
}
