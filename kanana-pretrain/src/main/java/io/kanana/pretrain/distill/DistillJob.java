package io.kanana.pretrain.distill;

import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.error.ConfigException;
import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.RunInputs;
import io.kanana.core.job.Stopped;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.train.MemoryEstimate;
import io.kanana.core.train.MetricsReader;
import io.kanana.core.train.ParentModel;
import io.kanana.core.train.WatchedTraining;
import io.kanana.pretrain.reshape.ModelFigures;
import io.kanana.pretrain.reshape.TextStage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
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
    Optional<ModelConfig> student = shape(config.model());
    JobPlan lines = JobPlan.empty().with("student", describe(student, config.model()));
    Optional<ModelConfig> teacher = Optional.empty();
    if (config.teacher().model().isPresent()) {
      teacher = shape(config.teacher().model().get());
      lines = lines.with("teacher", describe(teacher, config.teacher().model().get()));
    } else {
      lines = lines.with("teacher", "stored in " + config.teacher().logits().orElseThrow());
    }
    lines = lines.with("run", config.train().until().toString());
    return student.isEmpty() ? lines : withCost(lines, config, student.get(), teacher);
  }

  private static Optional<ModelConfig> shape(Path model) {
    Path file = model.resolve(HuggingFaceConfig.FILE);
    return Files.exists(file)
        ? Optional.of(HuggingFaceConfig.read(file).model())
        : Optional.empty();
  }

  private static String describe(Optional<ModelConfig> shape, Path model) {
    return shape.map(ModelFigures::describe).orElse("not there yet: " + model);
  }

  private static JobPlan withCost(
      JobPlan lines, DistillConfig config, ModelConfig student, Optional<ModelConfig> teacher) {
    MemoryEstimate memory =
        MemoryEstimate.of(
            student,
            config.compute().precision(),
            config.train().microBatch(),
            config.train().recompute());
    JobPlan more =
        lines
            .with("memory: weights, gradients, moments", mebibytes(memory.weights()))
            .with("memory: activations of a micro-batch", mebibytes(memory.activations()));
    if (teacher.isPresent()) {
      more =
          more.with(
              "memory: weights of the teacher",
              mebibytes(teacher.get().parameterCount() * Float.BYTES));
    }
    int window = config.data().contextLength().orElse(student.contextLength());
    long tokensPerStep = (long) config.train().sequencesPerStep() * window;
    OptionalLong steps = config.train().until().inSteps(tokensPerStep);
    if (steps.isEmpty()) {
      return more;
    }
    checkRates(config, steps.getAsLong());
    double flops =
        student.trainingFlopsPerToken(window)
            + teacher.map(shape -> shape.trainingFlopsPerToken(window) / 3).orElse(0.0);
    double tokens = (double) steps.getAsLong() * tokensPerStep;
    return more.with("tokens", String.format(Locale.ROOT, "%,.0f", tokens))
        .with("operations", String.format(Locale.ROOT, "%.3g FLOP", tokens * flops));
  }

  private static void checkRates(DistillConfig config, long steps) {
    try {
      config.train().rates(steps);
    } catch (ConfigException e) {
      throw e.below("train");
    }
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
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
