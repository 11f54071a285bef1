package io.kanana.core.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/** The same work on many inputs, on several threads, with results in the order of the inputs. */
final class OrderedTasks {
  private OrderedTasks() {}

  static <A, B> List<B> map(List<A> inputs, Function<A, B> work, int threads) {
    AtomicReferenceArray<B> results = new AtomicReferenceArray<>(inputs.size());
    AtomicInteger next = new AtomicInteger();
    List<Callable<Void>> workers = new ArrayList<>();
    for (int n = 0; n < Math.clamp(inputs.size(), 1, threads); n++) {
      workers.add(
          () -> {
            for (int i = next.getAndIncrement(); i < inputs.size(); i = next.getAndIncrement()) {
              results.set(i, work.apply(inputs.get(i)));
            }
            return null;
          });
    }
    run(workers);
    List<B> list = new ArrayList<>(inputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      list.add(results.get(i));
    }
    return list;
  }

  /**
   * Runs all workers at once and returns their results; a failure of one is thrown as it is once
   * all have ended.
   */
  static <T> List<T> run(List<Callable<T>> workers) {
    try (ExecutorService executor = Executors.newFixedThreadPool(workers.size())) {
      List<Future<T>> futures = executor.invokeAll(workers);
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while working on texts", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
