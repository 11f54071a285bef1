package io.kanana.posttrain.lora;

import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.config.Check;
import io.kanana.core.job.JobConfig;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Settings of the job {@code merge-adapter}.
 *
 * @param output where everything goes; the model to {@code OUTPUT/model}
 * @param seed nothing here is random
 * @param model the Hugging Face directory of the model that the adapter was made for
 * @param adapter a directory of PEFT's, ours or others'
 * @param storeAs the type of the merged weights; where it is absent, the model's
 */
public record MergeAdapterConfig(
    Path output, long seed, Path model, Path adapter, Optional<StoredType> storeAs)
    implements JobConfig {
  public MergeAdapterConfig {
    Check.that(
        storeAs.orElse(StoredType.F32).floating(),
        "store-as",
        "must be f64, f32, bf16 or f16, got %s",
        storeAs.orElse(StoredType.F32));
  }
}
