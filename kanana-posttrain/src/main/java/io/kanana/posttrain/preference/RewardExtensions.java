package io.kanana.posttrain.preference;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import java.util.List;
import java.util.stream.Stream;

/** Sources of pairs for reward models, what scores answers, and rules. */
public final class RewardExtensions implements ExtensionProvider {
  @Override
  public List<Extension<?>> extensions() {
    return Stream.of(pairs(), models(), rules()).flatMap(List::stream).toList();
  }

  private static List<Extension<?>> pairs() {
    return List.of(
        new Extension<>(
            RewardPairs.Config.class,
            "preferences",
            RewardPreferences.class,
            "Records of a prompt, a chosen and a rejected answer.",
            ""),
        new Extension<>(
            RewardPairs.Config.class,
            "rated",
            RewardRatedTexts.class,
            "Pairs of a higher and a lower rated text, drawn from rated ones.",
            """
            text-field: text
            rating-field: rating
            pairs-per-text: 1
            least-gap: 1
            margin-per-point: 0
            """));
  }

  private static List<Extension<?>> models() {
    return List.of(
        new Extension<>(
            RewardModel.Config.class,
            "model",
            RewardScoringModel.Config.class,
            "A reward model that job: reward trained.",
            "micro-batch: 4"),
        new Extension<>(
            RewardModel.Config.class,
            "rule",
            RewardRules.Config.class,
            "The sum of rules that need no model.",
            ""),
        new Extension<>(
            RewardModel.Config.class,
            "judge",
            RewardJudge.Config.class,
            "Ratings by a language model behind an endpoint of OpenAI's form.",
            "endpoint: {max-tokens: 1024, concurrency: 8, timeout-seconds: 120, retries: 4}"));
  }

  private static List<Extension<?>> rules() {
    return List.of(
        new Extension<>(
            RewardRule.Config.class,
            "math-answer",
            RewardRules.MathAnswer.class,
            "Whether the final answer is the expected one, by value.",
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
