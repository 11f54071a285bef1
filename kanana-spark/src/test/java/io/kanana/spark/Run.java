package io.kanana.spark;

import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Progress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Runs a configuration in this JVM. */
final class Run {
  private Run() {}

  /** Spark in this process, with two threads. */
  static final String SPARK = "compute={type: spark, master: 'local[2]'}";

  static void of(Path config, String... assignments) {
    of(config, new Cancellation(), Progress.SILENT, assignments);
  }

  static void of(Path config, Cancellation cancellation, Progress progress, String... assignments) {
    Jobs.load(Run.class.getClassLoader())
        .configure(config, new ArrayList<>(List.of(assignments)))
        .run(true, progress, Clock.systemUTC(), cancellation);
  }
}
