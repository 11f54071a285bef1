package io.kanana.posttrain.preference;

import io.kanana.core.config.Check;
import io.kanana.core.job.JobConfig;
import io.kanana.core.train.CheckpointProbe;
import io.kanana.core.train.ComputeConfig;
import io.kanana.core.train.TrainingSettings;
import io.kanana.posttrain.SampleAnswers;
import io.kanana.posttrain.lora.LoraConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Settings of the job {@code dpo}.
 *
 * @param output where everything goes
 * @param seed of the data order and of sampled answers
 * @param compute the machine's part
 * @param model the Hugging Face directory of the policy at the beginning
 * @param reference that of the reference, which stays as it is; where it is absent, the model
 * @param data the pairs
 * @param loss what the policy loses on a pair
 * @param sftWeight what the mean cross entropy of the chosen answers' tokens is multiplied by, in
 *     addition to the loss; 0 for none
 * @param lora adapters that are trained in place of the model's weights
 * @param train steps, batches of packed rows, learning rate and checkpoints
 * @param evaluate measurements on held-out pairs
 * @param samples answers to held-out prompts, at every measurement
 */
public record DpoConfig(
    Path output,
    long seed,
    ComputeConfig compute,
    Path model,
    Optional<Path> reference,
    PairData.Config data,
    PreferenceLoss loss,
    double sftWeight,
    Optional<LoraConfig> lora,
    TrainingSettings train,
    Evaluate evaluate,
    SampleAnswers.Config samples)
    implements JobConfig {
  /**
   * @param rows the most packed rows of held-out pairs that are measured; the first ones
   * @param microBatch rows at once, here and for the reference
   * @param divergence whether the divergence from the reference is measured, for which the
   *     reference stays in memory
   * @param benchmarks run on every checkpoint, if any
   */
  public record Evaluate(
      long rows, int microBatch, boolean divergence, Optional<CheckpointProbe.Config> benchmarks) {
    public Evaluate {
      Check.that(rows > 0, "rows", "must be at least 1, got %s", rows);
      Check.that(microBatch > 0, "micro-batch", "must be at least 1, got %s", microBatch);
    }
  }

  public DpoConfig {
    Check.that(
        reference.isEmpty() || loss.usesReference(),
        List.of("reference", "loss"),
        "must be left out, since this loss has none, got %s",
        reference.map(Path::toString).orElse(""));
    Check.that(
        sftWeight >= 0 && Double.isFinite(sftWeight),
        "sft-weight",
        "must be a number of at least 0, got %s",
        sftWeight);
  }

  Path referenceModel() {
    return reference.orElse(model);
  }
}
