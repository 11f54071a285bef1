package io.kanana.posttrain;

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
 * @param tuning what is trained of which model; as it is before, the model is measured
 * @param benchmarks run on every checkpoint, if any
 */
public record MeasuredTraining(
    Tuning tuning,
    TensorBackend backend,
    ComputeConfig compute,
    TrainingSettings settings,
    Optional<CheckpointProbe.Config> benchmarks) {

  /** Trains to the end, or until the job is asked to stop. */
  public void run(
      Beginning start,
      TrainingObjective objective,
      BatchSource data,
      HeldOut heldOut,
      RunCheckpoints.Origin origin) {
    RunReport report = new RunReport(tuning.context().output(), tuning.context().progress());
    ParentModel parent = tuning.parent().model();
    if (report.lacksBefore(parent.id())) {
      try (Llama model = parent.load(backend, compute.precision())) {
        report.before(parent.id(), model, heldOut);
      }
    }
    if (training().run(start, objective, data, heldOut, origin)) {
      report.after();
      tuning.finish();
    }
  }

  private ContinuedTraining training() {
    return new ContinuedTraining(
        tuning.context(),
        backend,
        compute.precision(),
        tuning.context().output(),
        "train",
        settings,
        benchmarks.map(this::probe));
  }

  private CheckpointProbe probe(CheckpointProbe.Config config) {
    return tuning.probe(
        config.create(compute.backend(), compute.threadCount(), compute.precision()));
  }
}
