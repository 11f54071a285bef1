package io.kanana.data.filter.run;

import io.kanana.core.error.DataException;
import io.kanana.core.error.KananaException;
import io.kanana.core.job.Stopped;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Threads that take shards, or files of them. Few wait at a time, and results come in the order in
 * which they were asked for. For one caller.
 */
final class ShardPool<T> implements AutoCloseable {
  private final ExecutorService executor;
  private final int most;
  private final Consumer<T> done;
  private final BooleanSupplier cancelled;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Queue<Future<T>> pending = new ArrayDeque<>();

  /**
   * @param done is told of each result, by the caller's thread
   */
  ShardPool(int threads, Consumer<T> done, BooleanSupplier cancelled) {
    this.executor =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("filter-", 0).factory());
    this.most = threads + 1;
    this.done = done;
    this.cancelled = cancelled;
  }

  /** Whether work that is under way should break off. */
  boolean stopped() {
    return cancelled.getAsBoolean() || closed.get();
  }

  void submit(Callable<T> task) {
    pending.add(executor.submit(task));
    if (pending.size() > most) {
      deliver();
    }
  }

  /** Waits for everything. */
  void finish() {
    while (!pending.isEmpty()) {
      deliver();
    }
  }

  private void deliver() {
    try {
      done.accept(pending.remove().get());
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case KananaException known -> throw known;
        case Stopped stopped -> throw stopped;
        default -> throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted while filtering; add --resume to go on", e);
    }
  }

  /** Breaks off what is under way and waits until no thread writes any more. */
  @Override
  public void close() {
    closed.set(true);
    pending.forEach(task -> task.cancel(false));
    executor.close();
  }
}
