package io.kanana.posttrain.online;

import io.kanana.core.config.Check;
import io.kanana.core.math.BoxedAnswer;
import io.kanana.core.math.MathAnswers;
import io.kanana.core.tensor.TensorBackend;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Rewards that need no model ({@code type: rule}): the sum of rules, each with a weight. */
public final class RewardRules implements Scorer {
  /**
   * @param rules at least one
   */
  public record Config(List<RewardRule.Config> rules) implements Scorer.Config {
    public Config {
      rules = List.copyOf(rules);
      Check.that(!rules.isEmpty(), "rules", "must have at least one rule");
    }

    @Override
    public Scorer open(TensorBackend backend) {
      return new RewardRules(rules.stream().map(RewardRule.Config::create).toList());
    }
  }

  private static void checkWeight(double weight) {
    Check.that(Double.isFinite(weight), "weight", "must be a number, got %s", weight);
  }

  /**
   * Whether the final answer is the expected one, by value ({@code type: math-answer}). It stands
   * in the last {@code \boxed{}}, or else behind the last {@code ####} of a line; an answer without
   * either is wrong. What is expected may be a whole solution of either form, or the bare answer.
   *
   * @param weight the reward of a right answer; a wrong one has none
   */
  public record MathAnswer(double weight) implements RewardRule.Config {
    private static final String MARK = "####";

    public MathAnswer {
      checkWeight(weight);
    }

    @Override
    public RewardRule create() {
      return answer -> isRight(answer) ? weight : 0;
    }

    /** Not where nothing is expected. */
    private static boolean isRight(Answer answer) {
      Optional<String> given = marked(answer.text());
      if (given.isEmpty() || answer.question().answer().isEmpty()) {
        return false;
      }
      String expected = answer.question().answer().get();
      return MathAnswers.equivalent(given.get(), marked(expected).orElse(expected.strip()));
    }

    private static Optional<String> marked(String solution) {
      Optional<String> boxed = BoxedAnswer.last(solution);
      int mark = solution.lastIndexOf(MARK);
      return boxed.isPresent() || mark < 0
          ? boxed
          : solution.substring(mark + MARK.length()).lines().findFirst().map(String::strip);
    }
  }

  /**
   * Whether an answer is the expected one, character by character, white space around it aside
   * ({@code type: exact-match}); not where nothing is expected.
   *
   * @param weight the reward of a right answer; a wrong one has none
   */
  public record ExactMatch(double weight) implements RewardRule.Config {
    public ExactMatch {
      checkWeight(weight);
    }

    @Override
    public RewardRule create() {
      return answer -> isExpected(answer) ? weight : 0;
    }

    private static boolean isExpected(Answer answer) {
      return answer
          .question()
          .answer()
          .map(String::strip)
          .equals(Optional.of(answer.text().strip()));
    }
  }

  /**
   * Whether an answer has a form ({@code type: pattern}).
   *
   * @param pattern a regular expression that has to be found in the answer; {@code \A} and {@code
   *     \z} are its beginning and end
   * @param weight the reward of an answer that has the form
   */
  public record Format(String pattern, double weight) implements RewardRule.Config {
    public Format {
      checkWeight(weight);
      Check.that(!pattern.isEmpty(), "pattern", "must not be empty");
      Check.that(fault(pattern).isEmpty(), "pattern", "is no pattern: %s", fault(pattern));
    }

    private static String fault(String pattern) {
      try {
        Pattern.compile(pattern);
        return "";
      } catch (PatternSyntaxException e) {
        return e.getDescription() + " at index " + e.getIndex();
      }
    }

    @Override
    public RewardRule create() {
      Pattern compiled = Pattern.compile(pattern);
      return answer -> compiled.matcher(answer.text()).find() ? weight : 0;
    }
  }

  /**
   * What an answer's length costs ({@code type: length}).
   *
   * @param free tokens that cost nothing
   * @param perToken the reward of each token above; below zero for a penalty
   */
  public record Length(int free, double perToken) implements RewardRule.Config {
    public Length {
      Check.that(free >= 0, "free", "must be at least 0, got %s", free);
      Check.that(Double.isFinite(perToken), "per-token", "must be a number, got %s", perToken);
    }

    @Override
    public RewardRule create() {
      return answer -> perToken * Math.max(0, answer.ids().length - free);
    }
  }

  private final List<RewardRule> rules;

  private RewardRules(List<RewardRule> rules) {
    this.rules = rules;
  }

  @Override
  public double[] scores(List<Answer> answers) {
    return answers.stream()
        .mapToDouble(answer -> rules.stream().mapToDouble(rule -> rule.of(answer)).sum())
        .toArray();
  }
}
