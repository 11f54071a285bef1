package io.kanana.posttrain.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.GenerationConfig;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.posttrain.SmallChat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SftJobTest {
  @TempDir Path directory;
  private String config;

  @BeforeEach
  void prepare() throws IOException {
    SmallChat chat = new SmallChat(directory);
    config =
        """
        job: sft
        compute: {backend: cpu, threads: 1}
        model: %s
        data:
          template: chatml
          held-out-share: 0.2
          domains: {talk: {conversations: [%s]}}
        context-length: 64
        train:
          until: {steps: 40}
          sequences-per-step: 4
          micro-batch: 2
          evaluate-every: {steps: 20}
          save-every: {steps: 10}
          optimizer: {learning-rate: 1e-2}
        samples: {prompts: 2, max-new-tokens: 8}
        """
            .formatted(chat.model(), chat.conversations(100));
  }

  private SmallChat in(String name) throws IOException {
    return new SmallChat(Files.createDirectories(directory.resolve(name)));
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  @Test
  void theAssistantIsLearntAndItsAnswersEnd() throws IOException {
    SmallChat chat = in("one");
    List<String> told = chat.run(config);
    JsonNode report = json(chat.file("report.json"));
    assertThat(report.at("/after/loss").asDouble())
        .isLessThan(report.at("/before/loss").asDouble() / 2);
    assertThat(report.at("/after/ended").asDouble()).isOne();
    assertThat(told).anyMatch(line -> line.contains("conversations to train on"));
    assertThat(Files.readAllLines(chat.file("samples.jsonl"))).hasSize(2 * 3);
  }

  @Test
  void theModelKeepsItsTemplateAndKnowsWhatEndsATurn() throws IOException {
    SmallChat chat = in("kept");
    chat.run(config, "train.until={steps: 2}");
    Path model = chat.file("model");
    OptionalInt end = Tokenizers.load(model).tokenId("<|im_end|>");
    assertThat(GenerationConfig.read(model).orElseThrow().tokens().eos())
        .contains(end.orElseThrow());
    assertThat(Tokenizers.loadConfig(model).chatTemplate()).isPresent();
    assertThat(Provenance.read(model.resolve(Provenance.FILE)).parents())
        .extracting(Provenance.Parent::path)
        .anyMatch(path -> path.endsWith("talk/train"));
  }

  @Test
  void noiseIsInTheStepsAndNotInTheMeasurements() throws IOException {
    SmallChat plain = in("plain");
    plain.run(config, "train.until={steps: 1}");
    SmallChat noisy = in("noisy");
    noisy.run(config, "train.until={steps: 1}", "neftune-alpha=5");
    assertThat(json(noisy.file("report.json")).at("/before/loss"))
        .isEqualTo(json(plain.file("report.json")).at("/before/loss"));
    assertThat(Files.readAllBytes(noisy.file("model/model.safetensors")))
        .isNotEqualTo(Files.readAllBytes(plain.file("model/model.safetensors")));
  }

  @Test
  void aStoppedRunGoesOnToTheSameModel() throws IOException {
    SmallChat whole = in("whole");
    whole.run(config);
    SmallChat parts = in("parts");
    Cancellation stop = new Cancellation();
    parts.run(
        config,
        line -> {
          if (line.startsWith("step 17/")) {
            stop.request();
          }
        },
        stop);
    assertThat(parts.file("model")).doesNotExist();
    parts.run(config);
    for (String name : List.of("model.safetensors", "optimizer.safetensors")) {
      assertThat(parts.file("model").resolve(name))
          .hasSameBinaryContentAs(whole.file("model").resolve(name));
    }
    assertThat(Files.readString(parts.file("samples.jsonl")))
        .isEqualTo(Files.readString(whole.file("samples.jsonl")));
  }

  @Test
  void conversationsWithoutAnAnswerAreNotAsked() throws IOException {
    SmallChat chat = in("silent");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      lines.append(
          "{\"messages\": [{\"role\": \"user\", \"content\": \"only %d\"}]}\n".formatted(i));
    }
    Path all = directory.resolve("conversations.jsonl");
    Files.writeString(all, lines + Files.readString(all));
    List<String> told = chat.run(config, "train.until={steps: 1}");
    assertThat(told).anyMatch(line -> line.contains("no-assistant-message"));
    assertThat(Files.readString(chat.file("samples.jsonl"))).contains("what is");
  }

  @Test
  void aRunThatCouldNotBeMeasuredIsRefused() throws IOException {
    assertThatThrownBy(() -> in("unmeasured").run(config, "data.held-out-share=0.000001"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("give a larger data.held-out-share than 1.0E-6");
  }

  @Test
  void aRunDoesNotGoOnWithAnotherModel() throws IOException {
    SmallChat chat = in("another");
    chat.run(config, "train.until={steps: 2}");
    Path model = directory.resolve("model");
    Artefact.remove(model);
    new SmallChat(directory).model(4);
    assertThatThrownBy(() -> chat.run(config, "train.until={steps: 3}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(model + " holds another model (")
        .hasMessageContaining("put that back, or give another output");
  }

  @Test
  void adaptersAreLearntAloneAndMerged() throws IOException {
    String lora =
        "lora={rank: 4, alpha: 8, rank-stabilised: false, targets: [q-proj, v-proj, up-proj, down-proj]}";
    SmallChat whole = in("whole-lora");
    whole.run(config, lora);
    JsonNode report = json(whole.file("report.json"));
    assertThat(report.at("/after/loss").asDouble())
        .isLessThan(report.at("/before/loss").asDouble() - 1);
    assertThat(whole.file("model/adapter_model.safetensors")).exists();
    assertThat(whole.file("model/model.safetensors")).doesNotExist();
    assertThat(GenerationConfig.read(whole.file("merged"))).isPresent();
    assertThat(Tokenizers.loadConfig(whole.file("merged")).chatTemplate()).isPresent();
    SmallChat parts = in("parts-lora");
    parts.run(config, lora, "train.until={steps: 40}");
    assertThat(parts.file("merged/model.safetensors"))
        .hasSameBinaryContentAs(whole.file("merged/model.safetensors"));
  }

  @Test
  void aTemplateWhoseTokensAreMissingIsRefused() throws IOException {
    SmallChat chat = in("other");
    assertThatThrownBy(() -> chat.run(config, "data.template=llama-3"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("<|start_header_id|>");
  }
}
