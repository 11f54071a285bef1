package io.kanana.posttrain.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.posttrain.SmallChat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that learn from sums that are made. */
class ArithmeticJobsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;
  private Path model;

  @BeforeEach
  void prepare() throws IOException {
    model = new SmallChat(directory).model();
  }

  private static String sums(String operation, int digits, int questions) {
    return "{type: arithmetic, korean-share: 0, operations: [%s], digits: %d, questions: %d}"
        .formatted(operation, digits, questions);
  }

  private String config(String job, String data, String more) {
    return """
    job: %s
    compute: {backend: cpu, threads: 1}
    model: %s
    data: {template: chatml, held-out-share: 0.2, %s}
    train:
      until: {steps: 40}
      sequences-per-step: 4
      micro-batch: 4
      evaluate-every: {steps: 40}
      save-every: {steps: 40}
      optimizer: {learning-rate: 5e-3}
    samples: {prompts: 1, max-new-tokens: 4}
    %s
    """
        .formatted(job, model, data, more);
  }

  private JsonNode run(String config) throws IOException {
    SmallChat chat = new SmallChat(directory);
    chat.run(config);
    return JSON.readTree(chat.file("report.json").toFile());
  }

  @Test
  void fineTuningLearnsTheFormOfAnswers() throws IOException {
    String data = "domains: {math: {conversations: [" + sums("add", 2, 300) + "]}}";
    JsonNode report = run(config("sft", data, ""));
    assertThat(report.at("/after/loss").asDouble())
        .isPositive()
        .isLessThan(0.7 * report.at("/before/loss").asDouble());
  }

  @Test
  void preferenceTrainingMeasuresHeldOutPairs() throws IOException {
    JsonNode report = run(config("dpo", "pairs: [" + sums("subtract", 1, 80) + "]", ""));
    assertThat(report.at("/before/preference-loss").asDouble()).isPositive();
    assertThat(report.at("/after/reward-accuracy").asDouble()).isBetween(0.0, 1.0);
    assertThat(report.at("/after/chosen-tokens").asDouble())
        .as("the two answers of a pair have nearly the same length")
        .isBetween(
            report.at("/after/rejected-tokens").asDouble() - 1,
            report.at("/after/rejected-tokens").asDouble() + 1);
  }

  @Test
  void theRuleKnowsTheAnswersOfTheQuestionsThatAreAsked() throws IOException {
    String rest =
        """
        answers: {each: 2, max-new-tokens: 8, batch: 8}
        reward: {type: rule, rules: [{type: math-answer}]}
        evaluate: {questions: 4}
        """;
    String data = "max-prompt-tokens: 56, prompts: [" + sums("add", 2, 100) + "]";
    JsonNode report = run(config("online-dpo", data, rest).replace("steps: 40", "steps: 2"));
    assertThat(report.at("/after/reward").asDouble()).isBetween(0.0, 1.0);
    Set<String> asked = new HashSet<>();
    for (String line : Files.readAllLines(directory.resolve("out/pairs.jsonl"))) {
      asked.add(JSON.readTree(line).get("prompt").asText());
    }
    assertThat(asked).isNotEmpty().allMatch(text -> text.matches("\\D*\\d+\\D+\\d+\\D*"));
  }
}
