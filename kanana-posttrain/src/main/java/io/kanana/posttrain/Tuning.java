package io.kanana.posttrain;

import io.kanana.core.checkpoint.PeftAdapter;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.job.JobContext;
import io.kanana.core.random.RandomKey;
import io.kanana.core.train.Beginning;
import io.kanana.core.train.RunCheckpoints;
import io.kanana.posttrain.lora.AdaptedCheckpoint;
import io.kanana.posttrain.lora.LoraBeginning;
import io.kanana.posttrain.lora.LoraConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What of a model is trained: all its weights, or adapters beside them.
 *
 * @param lora the adapters; absent for all weights
 */
public record Tuning(ChatParent parent, Optional<LoraConfig> lora, JobContext context) {
  /** Where the model with its adapters merged goes. */
  private static final String MERGED = "merged";

  /**
   * @param seed of new adapters
   */
  public Beginning beginning(long seed) {
    return lora.<Beginning>map(
            config ->
                LoraBeginning.of(
                    parent.model().stored(), config, RandomKey.of(seed).child("adapters")))
        .orElseGet(() -> Beginning.of(parent.model().stored()));
  }

  /**
   * What is left to do when the training has ended: {@code model} is an ordinary checkpoint then,
   * or holds adapters, and then the model with these merged is written to {@code merged}.
   *
   * @param turnEnds ids that end what the assistant says
   */
  public void finish(String job, Set<Integer> turnEnds) {
    if (lora.isEmpty()) {
      return;
    }
    Path trained = RunCheckpoints.model(context.output());
    Path merged = context.output().resolve(MERGED);
    try (PeftAdapter adapter = PeftAdapter.open(trained, parent.model().shape())) {
      StoredType type = parent.model().stored().config().type();
      AdaptedCheckpoint checkpoint =
          new AdaptedCheckpoint(job, context, parent.model(), adapter, type);
      if (!checkpoint.isWritten(merged)) {
        checkpoint.write(merged, parent.tokenizer(context.output()), parent.tokens(turnEnds));
      }
    }
  }
}
