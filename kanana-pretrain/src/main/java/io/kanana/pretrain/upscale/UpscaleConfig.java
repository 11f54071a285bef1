package io.kanana.pretrain.upscale;

import io.kanana.core.config.Check;
import io.kanana.core.job.JobConfig;
import io.kanana.core.optimize.LrSchedule;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.train.ComputeConfig;
import io.kanana.core.train.Duration;
import io.kanana.core.train.HeldOutWindows;
import io.kanana.core.train.SpikeDetector;
import io.kanana.core.train.TrainingObjective;
import io.kanana.core.train.TrainingSettings;
import io.kanana.pretrain.OptimizerState;
import io.kanana.pretrain.reshape.TextConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Settings of the job {@code upscale}.
 *
 * @param output where everything goes
 * @param seed of the data order in the recovery
 * @param compute the machine's part
 * @param model the Hugging Face directory of the model that is made deeper
 * @param layers which of its layers are stacked
 * @param identity whether the deeper model computes at first exactly what the parent does
 * @param optimizerState what becomes of the parent's moments
 * @param data text to measure both models on, and to train the deeper one on
 * @param evaluate measurements on held-out text
 * @param recovery training that brings the loss back
 */
public record UpscaleConfig(
    Path output,
    long seed,
    ComputeConfig compute,
    Path model,
    LayerRule layers,
    boolean identity,
    OptimizerState optimizerState,
    TextConfig data,
    HeldOutWindows evaluate,
    Recovery recovery)
    implements JobConfig {
  public UpscaleConfig {
    Check.that(
        !identity || layers.plan().isEmpty(),
        List.of("identity", "layers"),
        "must be false with layers.plan, which says itself which layers are silent");
    Check.that(
        recovery.until().isEmpty() || data.isGiven(),
        List.of("data", "recovery"),
        "must name documents or tokens to train on, since recovery.until is given");
  }

  /**
   * @param until how long; where it is absent, there is none
   * @param sequencesPerStep windows of the batch of one update
   * @param microBatch windows that go through the model at once
   * @param maxGradientNorm gradients whose global norm is larger are scaled down to it
   * @param recompute layers are computed again in the backward pass instead of kept
   * @param objective the loss
   * @param optimizer the update
   * @param schedule the learning rate
   * @param evaluateEvery between two measurements
   * @param saveEvery between two checkpoints
   * @param keep how many of them stay
   * @param spikes steps that are skipped
   * @param maxConsecutiveSkips this many skipped steps in a row stop the run
   */
  public record Recovery(
      Optional<Duration> until,
      int sequencesPerStep,
      int microBatch,
      double maxGradientNorm,
      boolean recompute,
      TrainingObjective.Config objective,
      Optimizer.Config optimizer,
      LrSchedule.Config schedule,
      Duration evaluateEvery,
      Duration saveEvery,
      int keep,
      SpikeDetector.Config spikes,
      int maxConsecutiveSkips) {
    public Recovery {
      TrainingSettings.check(
          sequencesPerStep, microBatch, maxGradientNorm, keep, maxConsecutiveSkips);
    }

    /** All of it but the objective, of a recovery that there is. */
    TrainingSettings settings() {
      return new TrainingSettings(
          until.orElseThrow(),
          sequencesPerStep,
          microBatch,
          maxGradientNorm,
          recompute,
          optimizer,
          schedule,
          evaluateEvery,
          saveEvery,
          keep,
          spikes,
          maxConsecutiveSkips);
    }
  }
}
