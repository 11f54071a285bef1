package io.kanana.pretrain.upscale;

import io.kanana.core.config.Check;
import io.kanana.core.job.JobConfig;
import io.kanana.core.optimize.LrSchedule;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.train.Duration;
import io.kanana.core.train.SpikeDetector;
import io.kanana.core.train.TrainingObjective;
import io.kanana.pretrain.OptimizerState;
import io.kanana.pretrain.PretrainConfig;
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
    PretrainConfig.Compute compute,
    Path model,
    LayerRule layers,
    boolean identity,
    OptimizerState optimizerState,
    TextConfig data,
    Evaluate evaluate,
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
   * @param windows the most that are measured; the first held-out ones
   * @param microBatch windows that go through a model at once
   */
  public record Evaluate(long windows, int microBatch) {
    public Evaluate {
      Check.that(windows > 0, "windows", "must be at least 1, got %s", windows);
      Check.that(microBatch > 0, "micro-batch", "must be at least 1, got %s", microBatch);
    }
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
      Check.that(
          sequencesPerStep > 0,
          "sequences-per-step",
          "must be at least 1, got %s",
          sequencesPerStep);
      Check.that(microBatch > 0, "micro-batch", "must be at least 1, got %s", microBatch);
      Check.that(maxGradientNorm > 0, "max-gradient-norm", "must be > 0, got %s", maxGradientNorm);
      Check.that(keep > 0, "keep", "must be at least 1, got %s", keep);
      Check.that(
          maxConsecutiveSkips > 0,
          "max-consecutive-skips",
          "must be at least 1, got %s",
          maxConsecutiveSkips);
    }
  }
}
