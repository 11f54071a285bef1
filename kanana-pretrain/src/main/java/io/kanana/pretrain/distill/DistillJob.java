package io.kanana.pretrain.distill;

import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.RunInputs;
import io.kanana.core.job.Stopped;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.train.MetricsReader;
import io.kanana.core.train.ParentModel;
import io.kanana.core.train.TrainingPlan;
import io.kanana.core.train.WatchedTraining;
import io.kanana.pretrain.reshape.TextStage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The job {@code distill}: a student is trained to have the distributions of a teacher, which
 * computes beside it or left them in a store.
 */
public final class DistillJob implements Job<DistillConfig> {
  static final String NAME = "distill";

  private static final List<String> INPUTS = List.of("seed", "model", "teacher", "data");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Trains a model to have the distributions of a teacher.";
  }

  @Override
  public Class<DistillConfig> configType() {
    return DistillConfig.class;
  }

  @Override
  public JobPlan plan(DistillConfig config) {
    TensorBackends.checkName("compute.backend", config.compute().backend());
    Optional<Path> teacher = config.teacher().model();
    JobPlan lines =
        JobPlan.empty()
            .with("student", TrainingPlan.describe(config.model()))
            .with(
                "teacher",
                teacher
                    .map(TrainingPlan::describe)
                    .orElseGet(() -> "stored in " + config.teacher().logits().orElseThrow()))
            .with("run", config.train().until().toString());
    Optional<ModelConfig> student = TrainingPlan.shape(config.model());
    if (student.isEmpty()) {
      return lines;
    }
    TrainingPlan plan =
        new TrainingPlan(config.compute(), config.train(), config.data().contextLength());
    Optional<ModelConfig> other = teacher.flatMap(TrainingPlan::shape);
    if (other.isEmpty()) {
      return plan.cost(lines, student.get());
    }
    config.loss().hiddenStates().ifPresent(states -> states.check(student.get(), other.get()));
    return plan.cost(lines, student.get(), "teacher", other.get());
  }

  @Override
  public void run(DistillConfig config, JobContext context) {
    try (ParentModel student = ParentModel.open(config.model())) {
      run(config, context, student);
    } catch (Stopped _) {
      // what was made so far is kept, and a resumed run goes on from it
    }
  }

  /** Those of the last measurement of held-out text. */
  @Override
  public SortedMap<String, Double> measurements(Path output) {
    return MetricsReader.last(WatchedTraining.metrics(output), "held-out");
  }

  private static void run(DistillConfig config, JobContext context, ParentModel student) {
    TextStage texts = new TextStage(config.data(), config.compute().threadCount(), context);
    boolean begun = texts.isDone() || Files.exists(context.output().resolve("checkpoints"));
    new RunInputs(context, INPUTS, "tokens and checkpoints").keep(begun);
    try (TextStage.Text text = texts.run(student).orElseThrow();
        TensorBackend backend =
            TensorBackends.open(config.compute().backend(), config.compute().threadCount())) {
      new DistillRun(config, context, student, backend, text).run();
    }
  }
}
