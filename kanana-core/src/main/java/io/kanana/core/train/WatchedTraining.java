package io.kanana.core.train;

import io.kanana.core.job.JobContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * A training run of a job with everything that looks on: {@code metrics.jsonl} and TensorBoard
 * events in its directory, the live line, and the lines that stay.
 */
public final class WatchedTraining {
  private final JobContext context;
  private final Path directory;
  private final Trainer trainer;
  private final Optional<CheckpointProbe> probe;

  /**
   * @param directory where metrics and events go
   * @param trainer at the step where the run stands
   * @param probe what measures checkpoints, if anything
   */
  public WatchedTraining(
      JobContext context, Path directory, Trainer trainer, Optional<CheckpointProbe> probe) {
    this.context = context;
    this.directory = directory;
    this.trainer = trainer;
    this.probe = probe;
  }

  /** The file of the metrics. */
  public static Path metrics(Path directory) {
    return directory.resolve("metrics.jsonl");
  }

  /** Trains to the end, or until the job is asked to stop; true if it came to the end. */
  public boolean run(HeldOut heldOut, RunCheckpoints checkpoints, TrainingRun.Schedule schedule) {
    long step = trainer.state().step();
    try (MetricsWriter metrics = MetricsWriter.open(metrics(directory), step);
        EventFile events =
            EventFile.create(
                directory.resolve("events"), TensorBoardListener.seconds(context.clock()), step)) {
      return new TrainingRun(
              trainer,
              heldOut,
              checkpoints,
              schedule,
              listeners(
                  metrics, new TensorBoardListener(events, context.clock()), schedule.totalSteps()),
              context.cancellation()::requested)
          .run();
    }
  }

  private List<TrainingListener> listeners(
      MetricsWriter metrics, TensorBoardListener events, long totalSteps) {
    List<TrainingListener> listeners = new ArrayList<>();
    listeners.add(metrics);
    listeners.add(events);
    listeners.add(progressLine(totalSteps));
    listeners.add(new Milestones());
    probe.ifPresent(
        own ->
            listeners.add(
                new CheckpointBenchmarks(own, context, directory, List.of(metrics, events))));
    return listeners;
  }

  private ProgressLine progressLine(long totalSteps) {
    return new ProgressLine(
        totalSteps,
        trainer.state().tokens(),
        OptionalDouble.empty(),
        ProgressLine.columns(System.getenv("COLUMNS")),
        this::usedMemory,
        context.progress()::status);
  }

  private long usedMemory() {
    Runtime runtime = Runtime.getRuntime();
    long heap = runtime.totalMemory() - runtime.freeMemory();
    return trainer.model().backend().pool().heldBytes() + heap;
  }

  /** What stays on the terminal. */
  private final class Milestones implements TrainingListener {
    @Override
    public void stepped(StepReport report) {
      if (!report.updated()) {
        line("step %,d skipped: %s", report.step(), report.skipped());
      }
    }

    @Override
    public void evaluated(HeldOutReport report) {
      line(
          "step %,d  held-out loss %.4f, %.4f bits per byte%s",
          report.step(), report.loss(), report.bitsPerByte(), domains(report));
    }

    private static String domains(HeldOutReport report) {
      return report.domains().entrySet().stream()
          .map(e -> String.format(Locale.ROOT, "%s %.4f", e.getKey(), e.getValue().bitsPerByte()))
          .reduce((a, b) -> a + ", " + b)
          .map(all -> " (" + all + ")")
          .orElse("");
    }

    @Override
    public void measured(String event, long step, SortedMap<String, Double> figures) {
      String all =
          figures.entrySet().stream()
              .map(e -> String.format(Locale.ROOT, "%s %.4g", e.getKey(), e.getValue()))
              .collect(Collectors.joining(", "));
      line("step %,d  %s %s", step, event, all);
    }

    @Override
    public void saved(long step, Path checkpoint) {
      line("step %,d  saved %s", step, checkpoint);
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency of its own
    private void line(String format, Object... values) {
      context.progress().line(String.format(Locale.ROOT, format, values));
    }
  }
}
