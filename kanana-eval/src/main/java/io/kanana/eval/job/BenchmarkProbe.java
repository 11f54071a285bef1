package io.kanana.eval.job;

import io.kanana.core.job.JobContext;
import io.kanana.core.model.Precision;
import io.kanana.core.train.CheckpointProbe;
import io.kanana.eval.model.LocalModel;
import io.kanana.eval.report.ResultsDirectory;
import io.kanana.eval.task.BenchmarkTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;

/** Benchmark tasks on the checkpoints of a training run, as {@code job: evaluate} runs them. */
public final class BenchmarkProbe implements CheckpointProbe {
  private final Config config;
  private final String backend;
  private final int threads;
  private final Precision precision;
  private final EvaluateJob job = new EvaluateJob();

  /**
   * Settings of {@code type: benchmarks}, each as that of the job.
   *
   * @param batchTokens positions that go through the model together, in memory beside the training
   */
  public record Config(
      long seed,
      List<BenchmarkTask.Config> tasks,
      List<Path> taskDirectories,
      Path dataDirectory,
      Map<String, Map<String, String>> data,
      OptionalInt limit,
      OptionalInt fewShot,
      int bootstrapIterations,
      boolean runCode,
      int batchTokens)
      implements CheckpointProbe.Config {
    @Override
    public CheckpointProbe create(String backend, int threads, Precision precision) {
      BenchmarkProbe probe = new BenchmarkProbe(this, backend, threads, precision);
      EvaluateJob.trees(probe.evaluation(Path.of(""), Path.of(""))); // so that faults are told now
      return probe;
    }
  }

  private BenchmarkProbe(Config config, String backend, int threads, Precision precision) {
    this.config = config;
    this.backend = backend;
    this.threads = threads;
    this.precision = precision;
  }

  private EvaluateConfig evaluation(Path checkpoint, Path output) {
    LocalModel.Config usual = LocalModel.Config.of(checkpoint);
    LocalModel.Config model =
        new LocalModel.Config(
            checkpoint,
            backend,
            OptionalInt.of(threads),
            precision,
            usual.maxLength(),
            config.batchTokens(),
            usual.rollingContext(),
            usual.sharePrefixes(),
            usual.batchByLength());
    return new EvaluateConfig(
        output,
        config.seed(),
        model,
        config.tasks(),
        config.taskDirectories(),
        config.dataDirectory(),
        config.data(),
        config.limit(),
        config.fewShot(),
        Optional.empty(),
        config.bootstrapIterations(),
        config.runCode());
  }

  @Override
  public SortedMap<String, Double> measure(Path checkpoint, JobContext context) {
    job.run(evaluation(checkpoint, context.output()), context);
    Path results = context.output().resolve(EvaluateJob.RESULTS);
    return Files.isDirectory(results)
        ? ResultsDirectory.measurements(results)
        : Collections.emptySortedMap();
  }
}
