package io.kanana.posttrain.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.TinyCheckpoint;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Told;
import io.kanana.core.model.ModelHead;
import io.kanana.core.model.Precision;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.tokenizer.BpeTrainer;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.Tokenizer.Specials;
import io.kanana.posttrain.SmallChat;
import io.kanana.posttrain.online.Answer;
import io.kanana.posttrain.online.Question;
import io.kanana.posttrain.online.RewardScoringModel;
import io.kanana.posttrain.online.Scorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RewardJobTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> WORDS = List.of("sea", "child", "wide", "deep", "바다");

  @TempDir Path directory;

  private Path model;
  private Path texts;

  @BeforeEach
  void place() throws IOException {
    model = TinyCheckpoint.write(directory.resolve("sft"));
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      RandomKey key = RandomKey.of(7).child(i);
      String word = WORDS.get(key.below(0, WORDS.size()));
      String text = (i % 2 == 0 ? "glad " : "qqz ") + word + " " + i;
      lines.add("{\"text\": \"" + text + "\", \"rating\": " + (i % 2 == 0 ? 9 : 2) + "}");
    }
    texts = Files.write(directory.resolve("rated.jsonl"), lines);
  }

  private Path file(String run, String name) {
    return directory.resolve(run).resolve(name);
  }

  private List<String> run(String run, String... assignments) throws IOException {
    return run(run, _ -> {}, new Cancellation(), assignments);
  }

  private List<String> run(
      String run, Consumer<String> atLine, Cancellation cancellation, String... assignments)
      throws IOException {
    Path file = directory.resolve(run + ".yaml");
    Files.writeString(
        file,
        """
        job: reward
        output: %s
        model: %s
        compute: {backend: cpu, threads: 1}
        data:
          pairs: [{type: rated, files: [%s]}]
          held-out-share: 0.25
          context-length: 48
        train:
          until: {steps: 6}
          sequences-per-step: 4
          micro-batch: 2
          evaluate-every: {steps: 2}
          save-every: {steps: 1}
          optimizer: {learning-rate: 3e-3}
        """
            .formatted(directory.resolve(run), model, texts));
    Told progress = Told.everythingTo(atLine);
    Jobs.load(RewardJobTest.class.getClassLoader())
        .configure(file, List.of(assignments))
        .run(true, progress, Clock.systemUTC(), cancellation);
    return progress.lines();
  }

  private JsonNode report(String run) throws IOException {
    return JSON.readTree(file(run, "reward.json").toFile());
  }

  @Test
  void itLearnsWhichTextIsBetter() throws IOException {
    List<String> told = run("out", "train.until={steps: 40}", "train.save-every={steps: 40}");
    JsonNode report = report("out");
    assertThat(report.at("/rewardModel/accuracy").asDouble()).isGreaterThan(0.9);
    assertThat(report.at("/bagOfWords/accuracy").asDouble()).isGreaterThan(0.9);
    assertThat(report.at("/rewardModel/reliability").size()).isEqualTo(10);
    assertThat(report.at("/rewardModel/pairs")).isEqualTo(report.at("/bagOfWords/pairs"));
    assertThat(told).anyMatch(line -> line.startsWith("reward model: "));
    assertThat(told).anyMatch(line -> line.startsWith("bag of words: "));
    assertThat(new RewardJob().measurements(directory.resolve("out")))
        .containsKeys("held-out.accuracy", "held-out.calibration-error", "bagOfWords.accuracy");
  }

  @Test
  void stoppedAtEveryLineItEndsWithTheSameBytes() throws IOException {
    run("whole");
    int stops = 0;
    while (!Files.exists(file("stopped", "reward.json"))) {
      assertThat(stops++).isLessThan(50);
      Cancellation cancellation = new Cancellation();
      run("stopped", _ -> cancellation.request(), cancellation);
    }
    assertThat(stops).isGreaterThan(4);
    for (String name : List.of("model.safetensors", "optimizer.safetensors", "config.json")) {
      assertThat(file("stopped", "model/" + name))
          .hasSameBinaryContentAs(file("whole", "model/" + name));
    }
    assertThat(report("stopped").at("/rewardModel/loss"))
        .isEqualTo(report("whole").at("/rewardModel/loss"));
  }

  @Test
  void theModelIsARewardModelWithItsOrigin() throws IOException {
    run("out");
    Path made = file("out", "model");
    assertThat(HuggingFaceConfig.isReward(made.resolve("config.json"))).isTrue();
    HuggingFaceConfig config = HuggingFaceConfig.read(made.resolve("config.json"), ModelHead.SCORE);
    Provenance provenance = Provenance.read(made.resolve("provenance.json"));
    double tokens = 6 * 4 * 48;
    assertThat(provenance.stages().getFirst().stage()).isEqualTo("reward");
    assertThat(provenance.stages().getFirst().flops())
        .isEqualTo(tokens * ModelHead.SCORE.trainingFlopsPerToken(config.model(), 48));
    assertThat(provenance.parents()).hasSize(3);
    assertThatThrownBy(() -> run("again", "model=" + made))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("this is a reward model");
  }

  @Test
  void itScoresAnswersAsTheRunDid() throws IOException {
    run("out", "train.until={steps: 40}", "train.save-every={steps: 40}");
    try (TensorBackend backend = TensorBackends.open("cpu", 1);
        Scorer scorer = scorer("out").open(backend)) {
      double[] scores = scorer.scores(List.of(answer("glad sea 7"), answer("qqz sea 7")));
      assertThat(scores[0]).isGreaterThan(scores[1] + 0.5);
      Question question = new Question(List.of(), new int[1], Optional.empty());
      assertThatThrownBy(
              () -> scorer.scores(List.of(new Answer(question, "x", new int[999], true))))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("an answer has 1000 tokens with its prompt");
    }
  }

  private RewardScoringModel.Config scorer(String run) {
    return new RewardScoringModel.Config(file(run, "model"), 2, Precision.F32);
  }

  private static Answer answer(String text) {
    BytePairTokenizer tokenizer = TinyCheckpoint.tokenizer();
    int[] begin = tokenizer.encode("<|begin_of_text|>", Specials.PARSE);
    int[] ids = tokenizer.encode(text + "<|end_of_text|>", Specials.PARSE);
    return new Answer(new Question(List.of(), begin, Optional.empty()), text, ids, true);
  }

  @Test
  void aModelThatScoresOtherTokensOrNoneIsRefused() throws IOException {
    run("out");
    scorer("out").requireTokenizer(TinyCheckpoint.tokenizer());
    BytePairTokenizer other =
        new BpeTrainer(new BpeTrainer.Config(280, List.of("<|end_of_text|>")))
            .train(List.of("other words").iterator(), 1);
    assertThatThrownBy(() -> scorer("out").requireTokenizer(other))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("path: must be a reward model with the tokenizer of the model");
    try (TensorBackend backend = TensorBackends.open("cpu", 1)) {
      assertThatThrownBy(() -> new RewardScoringModel.Config(model, 2, Precision.F32).open(backend))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("is a language model where a reward model");
    }
  }

  @Test
  void itLearnsFromConversationsByATemplate() throws IOException {
    SmallChat chat = new SmallChat(directory);
    Path pairs = chat.pairs(80);
    run(
        "chat",
        "model=" + chat.model(),
        "data={pairs: [{type: preferences, files: [%s]}], template: chatml, context-length: 96}"
            .formatted(pairs),
        "train.until={steps: 30}",
        "train.save-every={steps: 30}");
    assertThat(report("chat").at("/rewardModel/accuracy").asDouble()).isGreaterThan(0.9);
    assertThat(file("chat", "model/chat_template.jinja")).content().contains("<|im_end|>");
    assertThat(Files.readString(file("chat", "pairs/train.jsonl")))
        .contains("\"prompt\":[{\"role\":\"user\",\"content\":\"what is ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "data.pairs=[]@data.pairs: must name at least one source",
        "data.held-out-share=1@data.held-out-share: must lie between 0 and 1, got 1.0",
        "data.context-length=4096@data.context-length: must be at most twice the model's",
        "loss.centre-coefficient=-1@loss.centre-coefficient: must be a number of at least 0",
        "evaluate.micro-batch=0@evaluate.micro-batch: must be at least 1, got 0",
        "train.schedule.warmup={steps: 9}@train.schedule"
      })
  void refusesWhatCannotBeDone(String assignment, String message) {
    assertThatThrownBy(() -> run("out", assignment))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void withoutPairsItSaysWhatWasLeftOut() {
    assertThatThrownBy(() -> run("out", "data.context-length=3"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no pair is left to train on")
        .hasMessageContaining("longer-than-a-row");
  }
}
