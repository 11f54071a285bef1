package io.kanana.posttrain.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.job.Cancellation;
import io.kanana.posttrain.SmallChat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DpoJobTest {
  @TempDir Path directory;
  private String config;
  private Path pairs;

  @BeforeEach
  void prepare() throws IOException {
    SmallChat chat = new SmallChat(directory);
    pairs = chat.pairs(80);
    config =
        """
        job: dpo
        compute: {backend: cpu, threads: 1}
        model: %s
        data: {template: chatml, held-out-share: 0.2, pairs: [%s], context-length: 96}
        train:
          until: {steps: 12}
          sequences-per-step: 4
          micro-batch: 2
          evaluate-every: {steps: 6}
          save-every: {steps: 4}
          optimizer: {learning-rate: 2e-3}
        samples: {prompts: 1, max-new-tokens: 4}
        """
            .formatted(chat.model(), pairs);
  }

  private SmallChat in(String name) throws IOException {
    return new SmallChat(Files.createDirectories(directory.resolve(name)));
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  @Test
  void thePolicyComesToPreferWhatWasPreferred() throws IOException {
    SmallChat chat = in("one");
    chat.run(config);
    JsonNode report = json(chat.file("report.json"));
    assertThat(report.at("/before/preference-loss").asDouble())
        .isCloseTo(Math.log(2), offset(1e-3));
    assertThat(report.at("/before/divergence").asDouble()).isCloseTo(0, offset(1e-4));
    assertThat(report.at("/after/reward-accuracy").asDouble()).isGreaterThan(0.9);
    assertThat(report.at("/after/reward-margin").asDouble()).isPositive();
    assertThat(report.at("/after/divergence").asDouble()).isPositive();
    assertThat(chat.file("reference/train/log-probabilities.jsonl")).exists();
  }

  @Test
  void aRowMayBeTwiceAsLongAsTheContext() throws IOException {
    SmallChat narrow = in("narrow");
    narrow.run(config, "train.until={steps: 1}");
    SmallChat wide = in("wide");
    wide.run(config, "train.until={steps: 1}", "data.context-length=256");
    for (String figure : List.of("chosen-log-probability", "rejected-log-probability")) {
      double expected = json(narrow.file("report.json")).at("/before/" + figure).asDouble();
      assertThat(json(wide.file("report.json")).at("/before/" + figure).asDouble())
          .isCloseTo(expected, offset(1e-3));
    }
    assertThatThrownBy(() -> in("wider").run(config, "data.context-length=257"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "data.context-length: must be at most twice the model's 128, for two answers, got 257");
  }

  @Test
  void adaptersAreLearntAloneAndMerged() throws IOException {
    SmallChat chat = in("lora");
    chat.run(
        config,
        "lora={rank: 4, alpha: 8, rank-stabilised: false, targets: [q-proj, v-proj, down-proj]}",
        "train.optimizer.learning-rate=2e-2");
    JsonNode report = json(chat.file("report.json"));
    assertThat(report.at("/after/reward-accuracy").asDouble()).isGreaterThan(0.9);
    assertThat(chat.file("model/adapter_model.safetensors")).exists();
    assertThat(chat.file("merged/model.safetensors")).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{type: orpo}", "{type: kto}"})
  void whatIsMeasuredDoesNotDependOnHowItIsCut(String loss) throws IOException {
    SmallChat one = in("one-row");
    one.run(config, "loss=" + loss, "train.until={steps: 3}", "evaluate.micro-batch=1");
    SmallChat all = in("all-rows");
    all.run(config, "loss=" + loss, "train.until={steps: 3}", "evaluate.micro-batch=64");
    for (String figure : List.of("preference-loss", "chosen-likelihood-loss")) {
      double expected = json(all.file("report.json")).at("/after/" + figure).asDouble();
      assertThat(json(one.file("report.json")).at("/after/" + figure).asDouble())
          .isCloseTo(expected, offset(1e-5));
    }
  }

  @Test
  void aReferenceThatNothingReadsIsRefused() throws IOException {
    assertThatThrownBy(
            () -> in("unread").run(config, "loss={type: simpo}", "reference=" + directory))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("reference: must be left out, since this loss has none");
  }

  @Test
  void withoutPairsItSaysWhatWasLeftOut() {
    assertThatThrownBy(() -> in("none").run(config, "data.context-length=8"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no pair is left to train on")
        .hasMessageContaining("longer-than-a-row");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{type: ipo}",
        "{type: simpo}",
        "{type: orpo}",
        "{type: kto}",
        "{type: mixture, losses: [{weight: 1, loss: {type: sigmoid}}, {weight: 0.5, loss: {type: hinge}}]}"
      })
  void everyKindOfLossTrains(String loss) throws IOException {
    SmallChat chat = in("loss");
    chat.run(config, "loss=" + loss, "evaluate.divergence=false");
    JsonNode report = json(chat.file("report.json"));
    assertThat(report.at("/after/preference-loss").asDouble())
        .isLessThan(report.at("/before/preference-loss").asDouble());
    assertThat(report.at("/after").has("divergence")).isFalse();
  }

  @Test
  void aStoppedRunGoesOnToTheSameModel() throws IOException {
    SmallChat whole = in("whole");
    whole.run(config);
    SmallChat parts = in("parts");
    for (String where : List.of("reference: 3", "step 5/", "step 9/")) {
      Cancellation stop = new Cancellation();
      parts.run(
          config,
          line -> {
            if (line.startsWith(where)) {
              stop.request();
            }
          },
          stop);
      assertThat(parts.file("model")).doesNotExist();
    }
    parts.run(config);
    for (String name : List.of("model.safetensors", "optimizer.safetensors")) {
      assertThat(parts.file("model").resolve(name))
          .hasSameBinaryContentAs(whole.file("model").resolve(name));
    }
  }

  @Test
  void badPairsAreNamedAndTheRestIsRead() throws IOException {
    Files.writeString(
        pairs,
        """
        {"prompt": "what is 1", "chosen": "1"}
        {"prompt": "what is 1", "chosen": "1", "rejected": "1"}
        {"prompt": "what is 1", "chosen": "1", "rejected": ""}
        {"prompt": "what is 1", "chosen": "1", "rejected": "2", "margin": "large"}
        {"chosen": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}], "rejected": [{"role": "user", "content": "c"}, {"role": "assistant", "content": "d"}]}
        """,
        StandardOpenOption.APPEND);
    SmallChat chat = in("bad");
    List<String> told = chat.run(config, "train.until={steps: 1}");
    assertThat(String.join("\n", told))
        .contains(
            "1 records left out: answer-missing",
            "1 records left out: chosen-equals-rejected",
            "1 records left out: empty-answer",
            "1 records left out: margin-not-a-number",
            "1 records left out: prompts-differ");
  }

  /** As some data sets have it: the prompt as a text, and both conversations with it. */
  @Test
  void aPromptThatStandsInBothConversationsTooIsReadOnce() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      String begin = "[{\"role\": \"user\", \"content\": \"what is " + i + "\"}, ";
      String answer = "{\"role\": \"assistant\", \"content\": \"%s\"}]";
      lines.append(
          """
          {"prompt": "what is %d", "chosen": %s, "rejected": %s}
          """
              .formatted(i, begin + answer.formatted(i), begin + answer.formatted("no")));
    }
    Files.writeString(pairs, lines);
    SmallChat chat = in("both");
    List<String> told = chat.run(config, "train.until={steps: 1}");
    assertThat(String.join("\n", told)).doesNotContain("left out");
  }

  @Test
  void valuesOfAnotherReferenceAreRefused() throws IOException {
    SmallChat chat = in("other");
    chat.run(config, "train.until={steps: 1}");
    Path header = chat.file("reference/train/header.json");
    assertThat(header).exists();
    Files.move(chat.file("reference"), in("next").file("").getParent().resolve("reference"));
    SmallChat next = in("next");
    Files.createDirectories(next.file(""));
    Files.move(next.directory().resolve("reference"), next.file("reference"));
    assertThatThrownBy(() -> next.run(config, "data.context-length=64"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("another pairs");
  }

  @Test
  void aDamagedStoreIsRefused() throws IOException {
    SmallChat chat = in("damaged");
    chat.run(config, "train.until={steps: 1}");
    Path lines = chat.file("reference/train/log-probabilities.jsonl");
    byte[] all = Files.readAllBytes(lines);
    Files.write(lines, Arrays.copyOf(all, all.length / 2));
    assertThatThrownBy(() -> chat.run(config, "train.until={steps: 2}"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("log-probabilities.jsonl");
  }
}
