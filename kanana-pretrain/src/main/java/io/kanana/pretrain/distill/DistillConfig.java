package io.kanana.pretrain.distill;

import io.kanana.core.config.Check;
import io.kanana.core.job.JobConfig;
import io.kanana.core.train.ComputeConfig;
import io.kanana.core.train.HeldOutWindows;
import io.kanana.core.train.TrainingSettings;
import io.kanana.pretrain.reshape.TextConfig;
import java.nio.file.Path;
import java.util.List;

/**
 * Settings of the job {@code distill}.
 *
 * @param output where everything goes
 * @param seed of the data order
 * @param compute the machine's part
 * @param model the Hugging Face directory of the student
 * @param teacher whom it learns from
 * @param data text to learn on, and to measure on
 * @param loss what the student loses
 * @param train steps, batches, learning rate and checkpoints
 * @param evaluate measurements on held-out text
 */
public record DistillConfig(
    Path output,
    long seed,
    ComputeConfig compute,
    Path model,
    TeacherConfig teacher,
    TextConfig data,
    LossConfig loss,
    TrainingSettings train,
    HeldOutWindows evaluate)
    implements JobConfig {
  public DistillConfig {
    Check.that(data.isGiven(), "data", "must name documents or tokens to learn on");
    Check.that(
        loss.hiddenStates().isEmpty() || teacher.model().isPresent(),
        List.of("loss.hidden-states", "teacher.logits"),
        "must not be given, since a store has no hidden states; name teacher.model");
  }
}
