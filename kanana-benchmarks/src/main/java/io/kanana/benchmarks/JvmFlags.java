package io.kanana.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;

/** What a JVM that is started from this one has to be told as well. */
final class JvmFlags {
  /** Modules, native access. */
  private static final String LONG_OPTION = "--";

  private JvmFlags() {}

  /** The long options of this JVM, and its options that begin with one of the prefixes. */
  static List<String> inherited(String... prefixes) {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(
            flag ->
                flag.startsWith(LONG_OPTION) || Arrays.stream(prefixes).anyMatch(flag::startsWith))
        .toList();
  }
}
