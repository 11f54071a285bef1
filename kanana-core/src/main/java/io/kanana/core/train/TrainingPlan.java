package io.kanana.core.train;

import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.error.ConfigException;
import io.kanana.core.job.JobPlan;
import io.kanana.core.model.ModelConfig;
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
 */
public record TrainingPlan(
    ComputeConfig compute, TrainingSettings train, OptionalInt contextLength) {
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
    MemoryEstimate memory =
        MemoryEstimate.of(model, compute.precision(), train.microBatch(), train.recompute());
    return operations(
        plan.with("memory: weights, gradients, moments", mebibytes(memory.weights()))
            .with("memory: activations of a micro-batch", mebibytes(memory.activations())),
        model,
        Optional.empty());
  }

  /**
   * The same beside a model that is not trained.
   *
   * @param name what it is: {@code teacher}
   */
  public JobPlan cost(JobPlan plan, ModelConfig model, String name, ModelConfig frozen) {
    MemoryEstimate memory =
        MemoryEstimate.of(model, compute.precision(), train.microBatch(), train.recompute());
    return operations(
        plan.with("memory: weights, gradients, moments", mebibytes(memory.weights()))
            .with("memory: activations of a micro-batch", mebibytes(memory.activations()))
            .with(
                "memory: weights of the " + name, mebibytes(frozen.parameterCount() * Float.BYTES)),
        model,
        Optional.of(frozen));
  }

  private JobPlan operations(JobPlan plan, ModelConfig model, Optional<ModelConfig> frozen) {
    int window = contextLength.orElse(model.contextLength());
    long tokensPerStep = (long) train.sequencesPerStep() * window;
    OptionalLong steps = train.until().inSteps(tokensPerStep);
    if (steps.isEmpty()) {
      return plan;
    }
    checkRates(steps.getAsLong());
    double flops =
        model.trainingFlopsPerToken(window)
            + frozen.map(shape -> shape.trainingFlopsPerToken(window) / 3).orElse(0.0);
    double tokens = (double) steps.getAsLong() * tokensPerStep;
    return plan.with("tokens", String.format(Locale.ROOT, "%,.0f", tokens))
        .with("operations", String.format(Locale.ROOT, "%.3g FLOP", tokens * flops));
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
