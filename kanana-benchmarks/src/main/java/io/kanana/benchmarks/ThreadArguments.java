package io.kanana.benchmarks;

import picocli.CommandLine.Option;

/** On how many threads. */
final class ThreadArguments {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many threads compute; as many as there are processors if not given.")
  private int count = Runtime.getRuntime().availableProcessors();

  int count() {
    return count;
  }
}
