package io.kanana.posttrain;

import io.kanana.core.job.JobContext;
import io.kanana.core.model.Llama;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.Beginning;
import io.kanana.core.train.CheckpointProbe;
import io.kanana.core.train.ComputeConfig;
import io.kanana.core.train.ContinuedTraining;
import io.kanana.core.train.HeldOut;
import io.kanana.core.train.ParentModel;
import io.kanana.core.train.RunCheckpoints;
import io.kanana.core.train.TrainingObjective;
import io.kanana.core.train.TrainingSettings;
import java.util.Optional;

/**
 * A training of a job's own, with what its model was like before and after in {@code report.json}.
 *
 * @param parent what is measured before
 * @param benchmarks run on every checkpoint, if any
 */
public record MeasuredTraining(
    JobContext context,
    TensorBackend backend,
    ParentModel parent,
    ComputeConfig compute,
    TrainingSettings settings,
    Optional<CheckpointProbe.Config> benchmarks) {

  /** Trains to the end, or until the job is asked to stop; true if it came to the end. */
  public boolean run(
      Beginning start,
      TrainingObjective objective,
      BatchSource data,
      HeldOut heldOut,
      RunCheckpoints.Origin origin) {
    RunReport report = new RunReport(context.output(), context.progress());
    if (report.lacksBefore()) {
      try (Llama model = parent.load(backend, compute.precision())) {
        report.before(model, heldOut);
      }
    }
    boolean ended = training().run(start, objective, data, heldOut, origin);
    if (ended) {
      report.after();
    }
    return ended;
  }

  private ContinuedTraining training() {
    return new ContinuedTraining(
        context,
        backend,
        compute.precision(),
        context.output(),
        "train",
        settings,
        benchmarks.map(
            probe -> probe.create(compute.backend(), compute.threadCount(), compute.precision())));
  }
}
