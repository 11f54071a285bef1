package io.kanana.core.train;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.KananaException;
import io.kanana.core.error.Reason;
import io.kanana.core.job.JobContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/**
 * Has every checkpoint measured in {@code benchmarks/step-…} of the run, and tells the others what
 * came of it. One that is written because the run is to stop is not.
 */
final class CheckpointBenchmarks implements TrainingListener {
  private final CheckpointProbe probe;
  private final JobContext context;
  private final Path directory;
  private final List<TrainingListener> others;

  CheckpointBenchmarks(
      CheckpointProbe probe, JobContext context, Path directory, List<TrainingListener> others) {
    this.probe = probe;
    this.context = context;
    this.directory = directory.resolve("benchmarks");
    this.others = List.copyOf(others);
  }

  @Override
  public void saved(long step, Path checkpoint) {
    if (context.cancellation().requested()) {
      return;
    }
    Path output = directory.resolve(String.format(Locale.ROOT, "step-%08d", step));
    try {
      Files.createDirectories(output);
    } catch (IOException e) {
      throw new CheckpointException(output + ": cannot be made: " + Reason.of(e), e);
    }
    JobContext own =
        new JobContext(
            output,
            true,
            context.progress(),
            context.clock(),
            context.cancellation(),
            context.configYaml());
    SortedMap<String, Double> figures = measured(step, checkpoint, own);
    if (!figures.isEmpty()) {
      others.forEach(other -> other.measured("benchmarks", step, figures));
    }
  }

  /** A benchmark that cannot be run is told of, and is no reason to lose a training. */
  private SortedMap<String, Double> measured(long step, Path checkpoint, JobContext own) {
    try {
      return probe.measure(checkpoint, own);
    } catch (KananaException e) {
      context
          .progress()
          .line(
              String.format(
                  Locale.ROOT,
                  "step %,d  could not be measured, training goes on: %s",
                  step,
                  e.getMessage()));
      return Collections.emptySortedMap();
    }
  }
}
