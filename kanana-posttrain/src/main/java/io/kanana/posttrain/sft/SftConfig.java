package io.kanana.posttrain.sft;

import io.kanana.core.config.Check;
import io.kanana.core.job.JobConfig;
import io.kanana.core.train.CheckpointProbe;
import io.kanana.core.train.ComputeConfig;
import io.kanana.core.train.TrainingSettings;
import io.kanana.posttrain.SampleAnswers;
import io.kanana.posttrain.conversation.ConversationData;
import io.kanana.posttrain.lora.LoraConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Settings of the job {@code sft}.
 *
 * @param output where everything goes
 * @param seed of the data order, of new adapters and of sampled answers
 * @param compute the machine's part
 * @param model the Hugging Face directory of the model that is trained on
 * @param data the conversations
 * @param contextLength positions of a sequence, into which conversations are packed; where it is
 *     absent, the model's
 * @param lora adapters that are trained in place of the model's weights
 * @param neftuneAlpha noise on the embeddings of what is trained on ({@link NoisyEmbeddings});
 *     where it is absent, there is none
 * @param train steps, batches, learning rate and checkpoints
 * @param evaluate measurements on held-out conversations
 * @param samples answers to held-out prompts, at every measurement
 */
public record SftConfig(
    Path output,
    long seed,
    ComputeConfig compute,
    Path model,
    ConversationData data,
    OptionalInt contextLength,
    Optional<LoraConfig> lora,
    OptionalDouble neftuneAlpha,
    TrainingSettings train,
    Evaluate evaluate,
    SampleAnswers.Config samples)
    implements JobConfig {
  /**
   * @param sequences the most that are measured; the first ones
   * @param microBatch sequences that go through the model at once
   * @param benchmarks run on every checkpoint, if any
   */
  public record Evaluate(
      long sequences, int microBatch, Optional<CheckpointProbe.Config> benchmarks) {
    public Evaluate {
      Check.that(sequences > 0, "sequences", "must be at least 1, got %s", sequences);
      Check.that(microBatch > 0, "micro-batch", "must be at least 1, got %s", microBatch);
    }
  }

  public SftConfig {
    Check.that(
        data.heldOutShare() > 0,
        "data.held-out-share",
        "must be above 0, since the training is measured on it, got %s",
        data.heldOutShare());
    double alpha = neftuneAlpha.orElse(1);
    Check.that(
        alpha > 0 && Double.isFinite(alpha),
        "neftune-alpha",
        "must be a number > 0, got %s",
        alpha);
  }
}
