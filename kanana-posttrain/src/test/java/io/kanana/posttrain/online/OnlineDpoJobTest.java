package io.kanana.posttrain.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.ConfigException;
import io.kanana.core.job.Cancellation;
import io.kanana.posttrain.SmallChat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnlineDpoJobTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;
  private String config;

  @BeforeEach
  void prepare() throws IOException {
    SmallChat chat = new SmallChat(directory);
    config =
        """
        job: online-dpo
        compute: {backend: cpu, threads: 1}
        model: %s
        data: {template: chatml, held-out-share: 0.2, prompts: [%s], max-prompt-tokens: 30}
        answers: {each: 4, max-new-tokens: 6, batch: 8}
        reward: {type: rule, rules: [{type: length, free: 1, per-token: -1.0}]}
        train:
          until: {steps: 8}
          sequences-per-step: 4
          micro-batch: 2
          evaluate-every: {steps: 4}
          save-every: {steps: 3}
          optimizer: {learning-rate: 3e-3}
        evaluate: {questions: 8}
        samples: {prompts: 1, max-new-tokens: 4}
        """
            .formatted(chat.model(), chat.conversations(60));
  }

  private SmallChat in(String name) throws IOException {
    return new SmallChat(Files.createDirectories(directory.resolve(name)));
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  @Test
  void thePolicyComesToAnswerAsIsRewarded() throws IOException {
    SmallChat chat = in("one");
    chat.run(config, "train.until={steps: 30}");
    JsonNode report = JSON.readTree(chat.file("report.json").toFile());
    assertThat(report.at("/after/reward").asDouble())
        .isGreaterThan(report.at("/before/reward").asDouble() + 0.5);
    assertThat(report.at("/after/answer-tokens").asDouble())
        .isLessThan(report.at("/before/answer-tokens").asDouble());
    assertThat(report.at("/before/divergence").asDouble()).isZero();
    assertThat(report.at("/after/divergence").asDouble()).isPositive();
  }

  @Test
  void everyPairIsLoggedTheBestAgainstTheWorst() throws IOException {
    SmallChat chat = in("log");
    chat.run(config, "train.until={steps: 2}");
    List<JsonNode> lines = lines(chat.file("pairs.jsonl"));
    assertThat(lines).hasSize(2 * 4);
    for (JsonNode line : lines) {
      List<Double> scores = new ArrayList<>();
      line.get("answers").forEach(answer -> scores.add(answer.get("score").asDouble()));
      assertThat(scores).hasSize(4);
      if (line.has("chosen")) {
        assertThat(scores.get(line.get("chosen").asInt())).isEqualTo(max(scores));
        assertThat(scores.get(line.get("rejected").asInt())).isEqualTo(-max(negated(scores)));
      } else {
        assertThat(scores).containsOnly(scores.getFirst());
      }
    }
  }

  @Test
  void theRateOfSamplingIsMeasured() throws IOException {
    SmallChat chat = in("rate");
    chat.run(config, "train.until={steps: 8}");
    List<JsonNode> sampling =
        lines(chat.file("metrics.jsonl")).stream()
            .filter(line -> line.get("event").asText().equals("sampling"))
            .toList();
    assertThat(sampling).extracting(line -> line.get("step").asInt()).containsExactly(4, 8);
    long tokens = 0;
    for (JsonNode line : lines(chat.file("pairs.jsonl"))) {
      for (JsonNode answer : line.get("answers")) {
        tokens += answer.get("ids").size();
      }
    }
    assertThat(sampling.stream().mapToLong(line -> line.get("tokens").asLong()).sum())
        .isEqualTo(tokens);
    assertThat(sampling).allMatch(line -> line.get("tokens-per-second").asDouble() > 0);
  }

  @Test
  void aQuestionNeedsNoAnswer() throws IOException {
    SmallChat chat = in("unanswered");
    StringBuilder questions = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      questions.append(
          "{\"messages\": [{\"role\": \"user\", \"content\": \"what is " + i + "\"}]}\n");
    }
    Path file = Files.writeString(directory.resolve("questions.jsonl"), questions);
    List<String> lines = chat.run(config, "train.until={steps: 1}", "data.prompts=[" + file + "]");
    assertThat(lines).anyMatch(line -> line.matches("questions: \\d+ to train on, \\d+ held out"));
    assertThat(Files.size(chat.file("quarantine.jsonl"))).isZero();
  }

  private static double max(List<Double> values) {
    return values.stream().mapToDouble(v -> v).max().orElseThrow();
  }

  private static List<Double> negated(List<Double> values) {
    return values.stream().map(v -> -v).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aStoppedRunGoesOnToTheSameModel(int staleness) throws IOException {
    String stale = "answers.staleness=" + staleness;
    SmallChat whole = in("whole");
    whole.run(config, stale);
    SmallChat parts = in("parts");
    for (String where : List.of("step 2/", "step 5/")) {
      Cancellation stop = new Cancellation();
      parts.run(
          config,
          line -> {
            if (line.startsWith(where)) {
              stop.request();
            }
          },
          stop,
          stale);
      assertThat(parts.file("model")).doesNotExist();
    }
    parts.run(config, stale);
    for (String name : List.of("model.safetensors", "optimizer.safetensors")) {
      assertThat(parts.file("model").resolve(name))
          .hasSameBinaryContentAs(whole.file("model").resolve(name));
    }
    assertThat(lines(parts.file("pairs.jsonl"))).isEqualTo(lines(whole.file("pairs.jsonl")));
  }

  @Test
  void answersComeFromTheWeightsThatAreSoManyStepsOld() throws IOException {
    SmallChat chat = in("stale");
    chat.run(config, "answers.staleness=2", "train.until={steps: 5}");
    for (JsonNode line : lines(chat.file("pairs.jsonl"))) {
      long step = line.get("step").asLong();
      assertThat(line.get("sampled-after-step").asLong()).isEqualTo(Math.max(0, step - 3));
    }
  }

  /** Nothing is learnt, and nothing is wrong. */
  @Test
  void aRewardThatAllAnswersHaveAlikeEndsTheRunInOrder() throws IOException {
    SmallChat chat = in("alike");
    chat.run(
        config,
        "reward={type: rule, rules: [{type: pattern, pattern: 'zzz'}]}",
        "train.max-consecutive-skips=3");
    assertThat(chat.file("model")).exists();
    assertThat(lines(chat.file("pairs.jsonl"))).noneMatch(line -> line.has("chosen"));
  }

  @Test
  void anotherRewardIsRefusedEvenBeforeACheckpoint() throws IOException {
    SmallChat chat = in("changed");
    chat.run(config, "train.until={steps: 1}");
    assertThatThrownBy(() -> chat.run(config, "reward={type: rule, rules: [{type: math-answer}]}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("reward");
  }

  @Test
  void answersWithoutAScoreAreNeitherBestNorWorst() {
    ScoredAnswers some =
        new ScoredAnswers(0, List.of(), new double[] {Double.NaN, 2, 1, Double.NaN, 3});
    assertThat(some.best()).isEqualTo(4);
    assertThat(some.worst()).isEqualTo(2);
    assertThat(new ScoredAnswers(0, List.of(), new double[] {Double.NaN}).pair()).isEmpty();
  }

  @Test
  void anAnswerIsNotBetterThanItself() {
    Question question = new Question(List.of(), new int[] {1, 2}, Optional.empty());
    Answer answer = new Answer(question, "a", new int[] {3}, true);
    List<Answer> twice = List.of(answer, answer);
    assertThat(new ScoredAnswers(0, twice, new double[] {1, 2}).pair()).isEmpty();
    Answer other = new Answer(question, "b", new int[] {4}, true);
    List<Answer> both = List.of(answer, other);
    assertThat(new ScoredAnswers(0, both, new double[] {1, 2}).pair()).isPresent();
  }

  /** What is reported is what the loss works with: the policy's own log-probability of a token. */
  @Test
  void rewardsOfALossWithoutReferenceAreThePolicys() throws IOException {
    SmallChat chat = in("simpo");
    chat.run(config, "loss={type: simpo, beta: 2.0}");
    List<Double> rewards =
        lines(chat.file("metrics.jsonl")).stream()
            .map(line -> line.path("chosen-reward").asDouble(Double.NaN))
            .filter(Double::isFinite)
            .toList();
    assertThat(rewards).isNotEmpty().allMatch(reward -> reward < -1);
  }

  @Test
  void questionsAndAnswersThatDoNotFitTheModelAreRefused() throws IOException {
    SmallChat chat = in("long");
    assertThatThrownBy(() -> chat.run(config, "answers.max-new-tokens=120"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("answers.max-new-tokens");
  }
}
