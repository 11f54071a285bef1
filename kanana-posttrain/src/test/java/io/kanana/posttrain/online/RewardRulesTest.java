package io.kanana.posttrain.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RewardRulesTest {
  private static Answer answer(String text, Optional<String> expected, int tokens) {
    return new Answer(new Question(List.of(), new int[1], expected), text, new int[tokens], true);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "It is 3 + 4 = 7. #### 7; 7; 2",
        "#### 1,234; 1234; 2",
        "#### 12; so 2 x 6 = 12 #### 12; 2",
        "#### 1 #### 2; 2; 2",
        "#### 1 #### 2; 1; 0",
        "the answer is \\boxed{\\frac{1}{2}}; 0.5; 2",
        "\\boxed{3} or #### 4; 3; 2",
        "the answer is 7; 7; 0",
        "####; 7; 0",
        "#### 8; 7; 0"
      })
  void aFinalAnswerIsRightByItsValue(String text, String expected, double reward) {
    RewardRule rule = new RewardRules.MathAnswer(2).create();
    assertThat(rule.of(answer(text, Optional.of(expected), 3))).isEqualTo(reward);
    assertThat(rule.of(answer(text, Optional.empty(), 3))).isEqualTo(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "' 도토리골입니다.\n'; 도토리골입니다.; 2",
        "Autumn.; ' Autumn.'; 2",
        "Autumn; Autumn.; 0",
        "autumn.; Autumn.; 0",
        "''; Autumn.; 0"
      })
  void anAnswerIsTheExpectedOneCharacterByCharacter(String text, String expected, double reward) {
    RewardRule rule = new RewardRules.ExactMatch(2).create();
    assertThat(rule.of(answer(text, Optional.of(expected), 3))).isEqualTo(reward);
    assertThat(rule.of(answer(text, Optional.empty(), 3))).isEqualTo(0);
    assertThat(rule.of(answer("", Optional.empty(), 0))).isEqualTo(0);
  }

  @Test
  void rulesAddUp() {
    Scorer model =
        new RewardRules.Config(
                List.of(
                    new RewardRules.MathAnswer(1),
                    new RewardRules.Format("\\A<think>.*</think>", 0.5),
                    new RewardRules.Length(10, -0.25)))
            .open(null);
    assertThat(
            model.scores(
                List.of(
                    answer("<think>3</think> #### 3", Optional.of("3"), 12),
                    answer("#### 3", Optional.of("3"), 10),
                    answer("no <think>3</think>", Optional.of("3"), 14))))
        .containsExactly(1 + 0.5 - 0.5, 1, -1);
  }

  @Test
  void whatIsNoRuleIsRefused() {
    assertThatThrownBy(() -> new RewardRules.Format("(", 1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("pattern: is no pattern: Unclosed group");
    assertThatThrownBy(() -> new RewardRules.MathAnswer(Double.NaN))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("weight: must be a number");
    assertThatThrownBy(() -> new RewardRules.Config(List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("rules: must have at least one rule");
  }
}
