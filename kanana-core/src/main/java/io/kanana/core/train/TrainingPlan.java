package io.kanana.core.train;

import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.error.ConfigException;
import io.kanana.core.job.JobPlan;
import io.kanana.core.model.AdapterShape;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.ModelHead;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What training a model that is there would take, from its configuration alone. Of one that an
 * earlier job of a chain has yet to make, only the little that is known is told.
 *
 * @param contextLength positions of a sequence; where it is absent, the model's
 * @param adapters what is trained of the model; where they are absent, all of it
 */
public record TrainingPlan(
    ComputeConfig compute,
    TrainingSettings train,
    OptionalInt contextLength,
    Optional<AdapterShape> adapters) {
  /** Of all weights. */
  public TrainingPlan(ComputeConfig compute, TrainingSettings train, OptionalInt contextLength) {
    this(compute, train, contextLength, Optional.empty());
  }

  /** The shape of a stored model, if it is there. */
  public static Optional<ModelConfig> shape(Path model) {
    Path file = model.resolve(HuggingFaceConfig.FILE);
    return Files.exists(file)
        ? Optional.of(HuggingFaceConfig.read(file).model())
        : Optional.empty();
  }

  /** A stored model in one line. */
  public static String describe(Path model) {
    return shape(model).map(ModelConfig::describe).orElse("not there yet: " + model);
  }

  /** Adds memory, tokens and operations of a training. */
  public JobPlan cost(JobPlan plan, ModelConfig model) {
    return cost(plan, model, ModelHead.TOKENS);
  }

  /** The same of a model with any head. */
  public JobPlan cost(JobPlan plan, ModelConfig model, ModelHead head) {
    return operations(memory(plan, model), model, head.trainingFlopsPerToken(model, window(model)));
  }

  /**
   * The same beside a model that is not trained.
   *
   * @param name what it is: {@code teacher}
   */
  public JobPlan cost(JobPlan plan, ModelConfig model, String name, ModelConfig frozen) {
    int window = window(model);
    return operations(
        memory(plan, model)
            .with(
                "memory: weights of the " + name, mebibytes(frozen.parameterCount() * Float.BYTES)),
        model,
        model.trainingFlopsPerToken(window) + frozen.trainingFlopsPerToken(window) / 3);
  }

  private int window(ModelConfig model) {
    return contextLength.orElse(model.contextLength());
  }

  private JobPlan memory(JobPlan plan, ModelConfig model) {
    MemoryEstimate whole =
        MemoryEstimate.of(model, compute.precision(), train.microBatch(), train.recompute());
    MemoryEstimate memory = adapters.map(shape -> whole.with(shape, model)).orElse(whole);
    long activations = memory.activations() / model.contextLength() * window(model);
    return plan.with("memory: weights, gradients, moments", mebibytes(memory.weights()))
        .with("memory: activations of a micro-batch", mebibytes(activations));
  }

  private JobPlan operations(JobPlan plan, ModelConfig model, double flopsPerToken) {
    BatchSizes batches = train.batches();
    OptionalLong steps = train.until().inSteps(window(model), batches);
    if (steps.isEmpty()) {
      return plan;
    }
    checkRates(steps.getAsLong());
    double tokens = (double) batches.before(steps.getAsLong()) * window(model);
    double added = adapters.map(shape -> shape.addedFlopsPerToken(model)).orElse(0.0);
    return plan.with("tokens", String.format(Locale.ROOT, "%,.0f", tokens))
        .with(
            "operations",
            String.format(Locale.ROOT, "%.3g FLOP", tokens * (flopsPerToken + added)));
  }

  private void checkRates(long steps) {
    try {
      train.rates(steps);
    } catch (ConfigException e) {
      throw e.below("train");
    }
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
  }
}
