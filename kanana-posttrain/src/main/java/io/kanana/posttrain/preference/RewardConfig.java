package io.kanana.posttrain.preference;

import io.kanana.core.config.Check;
import io.kanana.core.job.JobConfig;
import io.kanana.core.train.ComputeConfig;
import io.kanana.core.train.TrainingSettings;
import io.kanana.posttrain.conversation.BuiltInTemplate;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Settings of the job {@code reward}.
 *
 * @param output where everything goes
 * @param seed of the head, of pairs that are drawn, and of their order
 * @param compute the machine's part
 * @param model the Hugging Face directory of the language model that it begins as
 * @param data pairs of answers
 * @param loss what the reward model loses besides Bradley and Terry's loss
 * @param train steps, batches, learning rate and checkpoints
 * @param evaluate measurements on held-out pairs
 */
public record RewardConfig(
    Path output,
    long seed,
    ComputeConfig compute,
    Path model,
    Data data,
    Loss loss,
    TrainingSettings train,
    Evaluation evaluate)
    implements JobConfig {
  /**
   * @param pairs sources, one after the other
   * @param template takes the place of the model's own chat template, for pairs with prompts
   * @param heldOutShare the share of prompts, or of rated texts, that is only measured on
   * @param contextLength tokens of a row, and so the most of a pair; where it is absent, the
   *     model's context
   */
  public record Data(
      List<RewardPairs.Config> pairs,
      Optional<BuiltInTemplate> template,
      double heldOutShare,
      OptionalInt contextLength) {
    public Data {
      pairs = List.copyOf(pairs);
      Check.that(!pairs.isEmpty(), "pairs", "must name at least one source");
      Check.that(
          heldOutShare > 0 && heldOutShare < 1,
          "held-out-share",
          "must lie between 0 and 1, got %s",
          heldOutShare);
      Check.that(
          contextLength.orElse(1) > 0,
          "context-length",
          "must be at least 1, got %s",
          contextLength.orElse(0));
    }
  }

  /**
   * @param centreCoefficient what the mean of the squared sums of a pair's rewards is multiplied by
   */
  public record Loss(double centreCoefficient) {
    public Loss {
      Check.that(
          centreCoefficient >= 0 && centreCoefficient < Double.POSITIVE_INFINITY,
          "centre-coefficient",
          "must be a number of at least 0, got %s",
          centreCoefficient);
    }
  }

  /**
   * @param microBatch rows that go through a model at once
   */
  public record Evaluation(int microBatch) {
    public Evaluation {
      Check.that(microBatch > 0, "micro-batch", "must be at least 1, got %s", microBatch);
    }
  }
}
