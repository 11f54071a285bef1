package io.kanana.pretrain.prune;

import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.config.Names;
import io.kanana.core.error.ConfigException;
import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.RunInputs;
import io.kanana.core.job.Stopped;
import io.kanana.core.model.Axis;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.train.ParentModel;
import io.kanana.pretrain.reshape.ReshapeReport;
import io.kanana.pretrain.reshape.TextStage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The job {@code prune}: a checkpoint to a smaller one. Importance of units, then a plan of those
 * that stay, then the model, each kept in the output.
 */
public final class PruneJob implements Job<PruneConfig> {
  static final String NAME = "prune";

  private static final List<String> INPUTS =
      List.of("seed", "model", "data", "calibration", "importance");

  private final LongSupplier nanoTime;

  public PruneJob() {
    this(System::nanoTime);
  }

  /**
   * @param nanoTime for the time that passes over the text take
   */
  PruneJob(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Makes a smaller checkpoint of the units that a model would miss most.";
  }

  @Override
  public Class<PruneConfig> configType() {
    return PruneConfig.class;
  }

  @Override
  public JobPlan plan(PruneConfig config) {
    TensorBackends.checkName("compute.backend", config.compute().backend());
    Path file = config.model().resolve(HuggingFaceConfig.FILE);
    if (!Files.exists(file)) {
      return JobPlan.empty().with("parent", "not there yet: " + config.model());
    }
    ModelConfig parent = HuggingFaceConfig.read(file).model();
    PruningStrategy strategy = config.strategy().create();
    check(config, strategy, parent);
    JobPlan plan = JobPlan.empty().with("parent", parent.describe());
    for (ModelConfig shape : candidates(strategy, parent)) {
      plan = plan.with("candidate", shape.describe() + share(shape, parent));
    }
    return withTrials(withCalibration(plan, config, parent), config, strategy, parent);
  }

  private static JobPlan withTrials(
      JobPlan plan, PruneConfig config, PruningStrategy strategy, ModelConfig parent) {
    double flops = operations(config, strategy, parent);
    return flops == 0
        ? plan
        : plan.with("trials", String.format(Locale.ROOT, "%.3g FLOP of training", flops));
  }

  private static double operations(
      PruneConfig config, PruningStrategy strategy, ModelConfig parent) {
    try {
      return strategy.operations(parent, window(config, parent));
    } catch (ConfigException e) {
      throw e.below("strategy");
    }
  }

  private static int window(PruneConfig config, ModelConfig parent) {
    return config.data().contextLength().orElse(parent.contextLength());
  }

  private static String share(ModelConfig shape, ModelConfig parent) {
    double share = 100.0 * shape.parameterCount() / parent.parameterCount();
    return String.format(Locale.ROOT, " (%.1f %%)", share);
  }

  private static JobPlan withCalibration(JobPlan plan, PruneConfig config, ModelConfig parent) {
    if (!config.data().isGiven()) {
      return plan;
    }
    int window = window(config, parent);
    long positions = config.calibration().windows() * window;
    double flops = positions * parent.trainingFlopsPerToken(window) / 3;
    return plan.with("calibration", String.format(Locale.ROOT, "at most %,d tokens", positions))
        .with("operations", String.format(Locale.ROOT, "%.3g FLOP a forward pass over it", flops))
        .with(
            "memory: weights",
            String.format(Locale.ROOT, "%,d MiB", (parent.parameterCount() * Float.BYTES) >> 20));
  }

  private static Set<Axis> axes(PruningStrategy strategy, ModelConfig parent) {
    try {
      return strategy.axes(parent);
    } catch (ConfigException e) {
      throw e.below("strategy");
    }
  }

  private static List<ModelConfig> candidates(PruningStrategy strategy, ModelConfig parent) {
    try {
      return strategy.candidates(parent);
    } catch (ConfigException e) {
      throw e.below("strategy");
    }
  }

  private static void check(PruneConfig config, PruningStrategy strategy, ModelConfig parent) {
    checkScored(config, axes(strategy, parent));
    if (strategy.readsText() && !config.data().isGiven()) {
      throw new ConfigException(
          "data", "must name documents or tokens, since the strategy tries plans on text");
    }
  }

  private static void checkScored(PruneConfig config, Set<Axis> wanted) {
    Set<Axis> missing = EnumSet.noneOf(Axis.class);
    missing.addAll(wanted);
    missing.removeAll(config.scored());
    if (!missing.isEmpty()) {
      throw new ConfigException(
          "importance",
          "must have an estimator of "
              + missing.stream().map(Names::of).collect(Collectors.joining(", "))
              + ", of which the strategy keeps the best; kanana list shows estimators");
    }
  }

  @Override
  public void run(PruneConfig config, JobContext context) {
    try (ParentModel parent = ParentModel.open(config.model())) {
      PruningStrategy strategy = config.strategy().create();
      check(config, strategy, parent.shape());
      operations(config, strategy, parent.shape()); // what cannot be tried is told of at once
      run(config, context, parent);
    } catch (Stopped _) {
      // what was found so far is kept, and a resumed run goes on from it
    }
  }

  /** The pruned model's, before anything is learned again. */
  @Override
  public SortedMap<String, Double> measurements(Path output) {
    return ReshapeReport.measurements(output);
  }

  private void run(PruneConfig config, JobContext context, ParentModel parent) {
    TextStage texts = new TextStage(config.data(), config.compute().threadCount(), context);
    boolean begun = texts.isDone() || PruneRun.isBegun(context.output());
    new RunInputs(context, INPUTS, "tokens and importance").keep(begun);
    try (TextStage.Text text = texts.run(parent).orElse(null);
        TensorBackend backend =
            TensorBackends.open(config.compute().backend(), config.compute().threadCount())) {
      Calibration.Machine machine =
          new Calibration.Machine(backend, config.compute().precision(), nanoTime);
      new PruneRun(config, context, parent, machine, Optional.ofNullable(text)).run();
    }
  }
}
