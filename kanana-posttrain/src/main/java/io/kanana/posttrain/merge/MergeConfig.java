package io.kanana.posttrain.merge;

import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.config.Check;
import io.kanana.core.job.JobConfig;
import io.kanana.core.random.RandomKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Settings of the job {@code merge}: a plan of what is merged, and how.
 *
 * @param output where everything goes; the merge to {@code OUTPUT/model}
 * @param seed of methods that leave entries to chance
 * @param models what is merged, at least one; tokenizer, chat template and licences are the first
 *     one's
 * @param base the model that the others began as, for methods that look at what they learned since
 * @param method how
 * @param storeAs the type of the merged weights; where it is absent, that of the first model
 */
public record MergeConfig(
    Path output,
    long seed,
    List<MergeParent> models,
    Optional<Path> base,
    MergeMethod.Config method,
    Optional<WeightType> storeAs)
    implements JobConfig {
  public MergeConfig {
    Check.that(!models.isEmpty(), "models", "must name at least one model");
  }

  /** What the method is told. */
  MergePlan plan() {
    return new MergePlan(models, base, RandomKey.of(seed).child("merge"));
  }

  /** Every directory that is read: the models in their order, then the base. */
  Stream<Path> parents() {
    return Stream.concat(models.stream().map(MergeParent::path), base.stream());
  }

  /** How a message calls the parent of that place in {@link #parents}. */
  String nameOf(int parent) {
    return parent < models.size() ? "models[" + parent + "].path" : "base";
  }

  /** What the merged weights are stored in, given the first model's configuration. */
  StoredType type(HuggingFaceConfig first) {
    return storeAs.map(WeightType::stored).orElse(first.type());
  }

  /** Where the model goes. */
  static Path model(Path output) {
    return output.resolve("model");
  }
}
