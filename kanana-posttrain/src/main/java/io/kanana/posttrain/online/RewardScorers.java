package io.kanana.posttrain.online;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import java.util.List;

/** What scores answers, and rules. */
public final class RewardScorers implements ExtensionProvider {
  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            Scorer.Config.class,
            "model",
            RewardScoringModel.Config.class,
            "A reward model that job: reward trained.",
            "{micro-batch: 4, precision: f32}"),
        new Extension<>(
            Scorer.Config.class,
            "rule",
            RewardRules.Config.class,
            "The sum of rules that need no model.",
            ""),
        new Extension<>(
            Scorer.Config.class,
            "judge",
            RewardJudge.Config.class,
            "Ratings by a language model behind an endpoint of OpenAI's form.",
            "endpoint: {max-tokens: 1024, concurrency: 8, timeout-seconds: 120, retries: 4}"),
        new Extension<>(
            RewardRule.Config.class,
            "math-answer",
            RewardRules.MathAnswer.class,
            "Whether the final answer is the expected one, by value.",
            "weight: 1"),
        new Extension<>(
            RewardRule.Config.class,
            "exact-match",
            RewardRules.ExactMatch.class,
            "Whether the answer is the expected one, white space around it aside.",
            "weight: 1"),
        new Extension<>(
            RewardRule.Config.class,
            "pattern",
            RewardRules.Format.class,
            "Whether a regular expression is found in the answer.",
            "weight: 1"),
        new Extension<>(
            RewardRule.Config.class,
            "length",
            RewardRules.Length.class,
            "What each token above some costs.",
            ""));
  }
}
