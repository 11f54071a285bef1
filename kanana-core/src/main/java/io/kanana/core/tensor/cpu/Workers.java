package io.kanana.core.tensor.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of a back end: the caller and {@code threads - 1} others, which wait for work by
 * spinning a moment and then parking. Every kernel, oneDNN's products included, runs on them, so no
 * second pool competes for the processors.
 *
 * <p>Work is cut into parts that do not depend on who takes them, so who takes them changes no
 * result. One caller at a time.
 */
final class Workers implements AutoCloseable {
  /**
   * Some tens of microseconds, as long as the caller takes between two kernels. Spinning for longer
   * gains nothing on idle processors, and on busy ones it uses up the time that the scheduler
   * gives.
   */
  private static final int SPINS = 1_000;

  /** A piece of work that is cut into parts. */
  interface Task {
    /**
     * Does one part.
     *
     * @param part the part, from 0
     * @param worker the thread's number, from 0: for memory of its own
     */
    void run(int part, int worker);
  }

  /** What is run now. A thread that wakes up late finds no part left and leaves it alone. */
  private static final class Job {
    private final int parts;
    private final Task task;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final Thread caller = Thread.currentThread();
    private volatile Throwable failure;

    Job(int parts, Task task) {
      this.parts = parts;
      this.task = task;
    }

    void work(int worker) {
      for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
        try {
          task.run(part, worker);
        } catch (RuntimeException | Error e) {
          failure = e;
        } finally {
          finishPart(worker);
        }
      }
    }

    private void finishPart(int worker) {
      if (done.incrementAndGet() == parts && worker != 0) {
        LockSupport.unpark(caller);
      }
    }

    void await() {
      for (int spins = 0; done.get() < parts; spins++) {
        if (spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      switch (failure) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new AssertionError(failure);
      }
    }
  }

  private final int count;
  private final Thread[] threads;
  private volatile Job job;
  private volatile boolean closed;

  Workers(int count) {
    this.count = count;
    this.threads = new Thread[count - 1];
    for (int worker = 1; worker < count; worker++) {
      int number = worker;
      threads[worker - 1] =
          Thread.ofPlatform().daemon().name("kanana-cpu-" + worker).start(() -> serve(number));
    }
  }

  int count() {
    return count;
  }

  /** Runs all parts and returns when all are done; a failure of any is thrown here. */
  void run(int parts, Task task) {
    if (parts <= 1 || count == 1) {
      for (int part = 0; part < parts; part++) {
        task.run(part, 0);
      }
      return;
    }
    Job next = new Job(parts, task);
    job = next;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
    next.work(0);
    next.await();
  }

  private void serve(int worker) {
    Job seen = null;
    while (awaitJobAfter(seen)) {
      seen = job;
      seen.work(worker);
    }
  }

  /** Waits for a job other than the last one; false when there will be no more. */
  private boolean awaitJobAfter(Job last) {
    int spins = 0;
    while (job == last) {
      if (closed) {
        return false;
      }
      if (spins < SPINS) {
        spins++;
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
      }
    }
    return true;
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
  }
}
