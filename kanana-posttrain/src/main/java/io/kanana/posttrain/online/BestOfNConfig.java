package io.kanana.posttrain.online;

import io.kanana.core.config.Check;
import io.kanana.core.generate.SamplingOptions;
import io.kanana.core.job.JobConfig;
import io.kanana.core.train.ComputeConfig;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings of the job {@code best-of-n}.
 *
 * @param output where everything goes
 * @param seed of every draw
 * @param compute the machine's part
 * @param model the Hugging Face directory of the model that answers
 * @param data the questions, of which the held-out ones are asked
 * @param questions the most that are asked; the first ones
 * @param answers how they are answered
 * @param candidates rewards that choose an answer, by name
 * @param judge what says how good the chosen answers are
 */
public record BestOfNConfig(
    Path output,
    long seed,
    ComputeConfig compute,
    Path model,
    Questions.Config data,
    int questions,
    Answers answers,
    Map<String, Scorer.Config> candidates,
    Scorer.Config judge)
    implements JobConfig {
  /**
   * @param of the numbers of answers N that are chosen among, ascending, each at least 1
   * @param maxNewTokens the most tokens of an answer
   * @param sampling how each token is drawn
   * @param batch answers that are sampled at once
   */
  public record Answers(List<Integer> of, int maxNewTokens, SamplingOptions sampling, int batch) {
    public Answers {
      of = List.copyOf(of);
      Check.that(!of.isEmpty(), "of", "must have at least one number");
      for (int i = 0; i < of.size(); i++) {
        Check.that(
            of.get(i) > (i == 0 ? 0 : of.get(i - 1)),
            "of",
            "must be ascending numbers of at least 1, got %s",
            of);
      }
      Check.that(maxNewTokens > 0, "max-new-tokens", "must be at least 1, got %s", maxNewTokens);
      Check.that(batch > 0, "batch", "must be at least 1, got %s", batch);
    }

    /** How many answers are sampled. */
    int most() {
      return of.getLast();
    }
  }

  public BestOfNConfig {
    candidates = Collections.unmodifiableMap(new LinkedHashMap<>(candidates));
    Check.that(!candidates.isEmpty(), "candidates", "must have at least one reward");
    Check.that(questions > 0, "questions", "must be at least 1, got %s", questions);
  }
}
