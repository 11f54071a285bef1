package io.kanana.benchmarks;

import io.kanana.core.extension.CommandExtension;

/** Adds {@code kanana bench}. */
public final class BenchExtension implements CommandExtension {
  @Override
  public String name() {
    return "bench";
  }

  @Override
  public Object command() {
    return new BenchCommand();
  }
}
