package io.kanana.pretrain.distill;

import io.kanana.core.config.Check;
import io.kanana.core.job.JobConfig;
import io.kanana.core.train.ComputeConfig;
import io.kanana.pretrain.reshape.TextConfig;
import java.nio.file.Path;

/**
 * Settings of the job {@code teacher-logits}. Seed, data and context length are those of the
 * distillation that it is for, since they give the order of the sequences.
 *
 * @param output where everything goes; what {@code teacher.logits} of the job distill names
 * @param seed of the data order
 * @param compute the machine's part
 * @param model the Hugging Face directory of the teacher
 * @param data the text
 * @param sequences so many of it, in order: steps times sequences per step of the distillation
 * @param topK the most probable tokens of each target
 * @param temperature of the distributions
 * @param storedAs the precision of logarithms
 * @param microBatch windows that go through the model at once
 * @param sequencesPerPart windows after which what was found is saved
 */
public record TeacherLogitsConfig(
    Path output,
    long seed,
    ComputeConfig compute,
    Path model,
    TextConfig data,
    long sequences,
    int topK,
    double temperature,
    StoredLogs storedAs,
    int microBatch,
    int sequencesPerPart)
    implements JobConfig {
  public TeacherLogitsConfig {
    Check.that(data.isGiven(), "data", "must name documents or tokens");
    Check.that(sequences > 0, "sequences", "must be at least 1, got %s", sequences);
    Check.that(topK > 0, "top-k", "must be at least 1, got %s", topK);
    Check.that(
        temperature > 0 && temperature < Double.POSITIVE_INFINITY,
        "temperature",
        "must be > 0, got %s",
        temperature);
    Check.that(microBatch > 0, "micro-batch", "must be at least 1, got %s", microBatch);
    Check.that(
        sequencesPerPart > 0, "sequences-per-part", "must be at least 1, got %s", sequencesPerPart);
  }
}
