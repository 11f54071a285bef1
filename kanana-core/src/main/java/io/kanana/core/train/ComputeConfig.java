package io.kanana.core.train;

import io.kanana.core.config.Check;
import io.kanana.core.model.Precision;
import java.util.OptionalInt;

/**
 * The machine's part in a job: what computes, and how exactly.
 *
 * @param backend a back end's name, or {@code auto}
 * @param threads for kernels and tokenization; where it is absent, every processor
 * @param precision of the products
 */
public record ComputeConfig(String backend, OptionalInt threads, Precision precision) {
  public ComputeConfig {
    Check.that(threads.orElse(1) > 0, "threads", "must be at least 1, got %s", threads.orElse(0));
  }

  public int threadCount() {
    return threads.orElseGet(() -> Runtime.getRuntime().availableProcessors());
  }
}
