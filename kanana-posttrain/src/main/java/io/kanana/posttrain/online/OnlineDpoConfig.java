package io.kanana.posttrain.online;

import io.kanana.core.config.Check;
import io.kanana.core.generate.SamplingOptions;
import io.kanana.core.job.JobConfig;
import io.kanana.core.train.CheckpointProbe;
import io.kanana.core.train.ComputeConfig;
import io.kanana.core.train.TrainingSettings;
import io.kanana.posttrain.SampleAnswers;
import io.kanana.posttrain.preference.PreferenceLoss;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Settings of the job {@code online-dpo}.
 *
 * @param output where everything goes
 * @param seed of questions' order and of every draw
 * @param compute the machine's part
 * @param model the Hugging Face directory of the policy at the beginning
 * @param reference that of the reference, which stays as it is; where it is absent, the model
 * @param data the questions
 * @param answers how they are answered
 * @param reward what says how good answers are
 * @param loss what the policy loses on the best against the worst answer
 * @param sftWeight as in {@code dpo}
 * @param train steps, learning rate and checkpoints; a sequence is a question
 * @param evaluate measurements on held-out questions
 * @param samples answers to held-out questions, at every measurement
 */
public record OnlineDpoConfig(
    Path output,
    long seed,
    ComputeConfig compute,
    Path model,
    Optional<Path> reference,
    Questions.Config data,
    Answers answers,
    Scorer.Config reward,
    PreferenceLoss loss,
    double sftWeight,
    TrainingSettings train,
    Evaluate evaluate,
    SampleAnswers.Config samples)
    implements JobConfig {
  /**
   * @param each answers of a question, at least 2
   * @param maxNewTokens the most tokens of an answer
   * @param sampling how each token is drawn
   * @param batch answers that are sampled at once
   * @param unfinishedPenalty taken from the score of an answer that a limit ended
   * @param staleness steps that the policy that answers may be behind the one that is trained; 0
   *     samples and trains in turn, more does both at once
   * @param threads of the sampling thread's kernels where staleness is above 0; where it is absent,
   *     half of those of {@code compute}
   */
  public record Answers(
      int each,
      int maxNewTokens,
      SamplingOptions sampling,
      int batch,
      double unfinishedPenalty,
      int staleness,
      OptionalInt threads) {
    public Answers {
      Check.that(each >= 2, "each", "must be at least 2, got %s", each);
      Check.that(maxNewTokens > 0, "max-new-tokens", "must be at least 1, got %s", maxNewTokens);
      Check.that(batch > 0, "batch", "must be at least 1, got %s", batch);
      Check.that(staleness >= 0, "staleness", "must be >= 0, got %s", staleness);
      Check.that(
          unfinishedPenalty >= 0 && Double.isFinite(unfinishedPenalty),
          "unfinished-penalty",
          "must be a number of at least 0, got %s",
          unfinishedPenalty);
      Check.that(threads.orElse(1) > 0, "threads", "must be at least 1, got %s", threads.orElse(0));
      Check.that(
          sampling.temperature() > 0,
          "sampling.temperature",
          "must be > 0, since answers that are all the same make no pair, got %s",
          sampling.temperature());
    }
  }

  /**
   * @param questions the most that are answered at a measurement; the first held-out ones
   * @param benchmarks run on every checkpoint, if any
   */
  public record Evaluate(int questions, Optional<CheckpointProbe.Config> benchmarks) {
    public Evaluate {
      Check.that(questions > 0, "questions", "must be at least 1, got %s", questions);
    }
  }

  public OnlineDpoConfig {
    Check.that(
        !loss.usesBaseline(),
        "loss",
        "must be one that needs no divergence of answers to other questions, which kto does, alone or in a mixture");
    Check.that(
        sftWeight >= 0 && Double.isFinite(sftWeight),
        "sft-weight",
        "must be a number of at least 0, got %s",
        sftWeight);
  }

  Path referenceModel() {
    return reference.orElse(model);
  }

  /** The most tokens of an answer with its question. */
  int longestAnswer() {
    return data.maxPromptTokens() + answers.maxNewTokens();
  }

  /** Positions of a row: the longest question twice, each with the longest answer. */
  int contextLength() {
    return 2 * longestAnswer();
  }
}
