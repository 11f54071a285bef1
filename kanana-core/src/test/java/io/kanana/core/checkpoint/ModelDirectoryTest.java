package io.kanana.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.generate.SamplingOptions;
import io.kanana.core.generate.TextGenerator;
import io.kanana.core.model.Llama;
import io.kanana.core.model.Precision;
import io.kanana.core.template.ChatMessage;
import io.kanana.core.template.RenderOptions;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.reference.ReferenceBackend;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.Tokenizer;
import io.kanana.core.tokenizer.TokenizerConfig;
import io.kanana.core.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelDirectoryTest {
  @TempDir private Path directory;

  private final TensorBackend backend = new ReferenceBackend();

  @BeforeEach
  void write() throws IOException {
    TinyCheckpoint.write(directory);
  }

  @AfterEach
  void close() {
    backend.close();
  }

  private ModelDirectory open() {
    return ModelDirectory.open(directory, backend, Precision.F32);
  }

  private void edit(String name, UnaryOperator<String> change) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, change.apply(Files.readString(file)));
  }

  private void refused(String... parts) {
    assertThatThrownBy(this::open)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll(parts);
  }

  /** Writes the weights again, changed. */
  private void rewrite(UnaryOperator<List<TensorContent>> change, Path target) throws IOException {
    try (StoredTensors stored = StoredTensors.open(directory, "model")) {
      List<TensorContent> contents =
          stored.names().stream().map(name -> TensorContent.of(stored.tensor(name))).toList();
      try (ArtefactWriter artefact = ArtefactWriter.create(target, "checkpoint", List.of())) {
        SafetensorsWriter.write(
            artefact,
            "model",
            change.apply(contents),
            target.endsWith("sharded") ? 20_000 : 1 << 30);
        artefact.commit();
      }
    }
  }

  private void replaceWeights(UnaryOperator<List<TensorContent>> change) throws IOException {
    Path other = directory.resolve("other");
    rewrite(change, other);
    Files.move(
        other.resolve("model.safetensors"),
        directory.resolve("model.safetensors"),
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void everythingThatIsThere() {
    try (ModelDirectory model = open()) {
      assertThat(model.model().config().contextLength()).isEqualTo(TinyCheckpoint.CONTEXT);
      assertThat(model.endings()).containsExactlyInAnyOrder(1, 3);
      assertThat(model.sampling()).isEqualTo(SamplingOptions.DEFAULT);
      RenderOptions options = model.withSpecialTokens(RenderOptions.at(Clock.systemUTC()));
      assertThat(options.bosToken()).isEqualTo("<|begin_of_text|>");
      String text =
          model
              .chatTemplate()
              .orElseThrow()
              .render(List.of(ChatMessage.user("hi")), options.withGenerationPrompt(true))
              .text();
      assertThat(text).isEqualTo("<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n");
      assertSameWeights(model.model(), 0);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  void whatIsWrittenIsWhatIsRead(StoredType type) {
    Path written = directory.resolve("written");
    try (ModelDirectory model = open()) {
      BytePairTokenizer tokenizer = Tokenizers.load(directory);
      TokenizerConfig config = Tokenizers.loadConfig(directory);
      ModelDirectory.write(written, model.model(), tokenizer, config, type).verify();
      try (ModelDirectory again = ModelDirectory.open(written, backend, Precision.F32)) {
        assertSameWeights(again.model(), type == StoredType.F32 ? 0 : 0x1p-8);
        assertThat(again.model().config()).isEqualTo(model.model().config());
        assertThat(again.endings()).containsExactly(1);
        assertThat(again.chatTemplate()).isPresent();
        assertThat(Tokenizers.loadConfig(written)).isEqualTo(config);
        assertThat(again.tokenizer().encode("The sea 바다", Tokenizer.Specials.NONE))
            .isEqualTo(tokenizer.encode("The sea 바다", Tokenizer.Specials.NONE));
      }
    }
    assertThat(HuggingFaceConfig.read(written.resolve("config.json")).type()).isEqualTo(type);
  }

  @Test
  void aTokenizerThatIsTooLargeForTheModelIsNotWritten() {
    Path written = directory.resolve("written");
    BytePairTokenizer tokenizer = TinyCheckpoint.tokenizer();
    TokenizerConfig config = TokenizerConfig.of(tokenizer);
    try (Llama small = TinyCheckpoint.model(TinyCheckpoint.shape(61), backend)) {
      assertThatThrownBy(
              () -> ModelDirectory.write(written, small, tokenizer, config, StoredType.F32))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll(written.toString(), "but the model only 61");
      assertThat(written).doesNotExist();
    }
  }

  /** Two billion positions would be 64 GB of sines and cosines. */
  @Test
  void aContextThatIsClaimedTakesNoMemoryUntilItIsUsed() throws IOException {
    TextGenerator.Options options = TextGenerator.Options.of(8, 0, 1);
    List<String> expected;
    try (ModelDirectory model = open()) {
      expected = model.generator().generate(List.of("The sea"), options);
    }
    edit(
        "config.json",
        text ->
            text.replace(
                "\"max_position_embeddings\" : 96", "\"max_position_embeddings\" : 2147483647"));
    try (ModelDirectory model = open()) {
      assertThat(model.model().config().contextLength()).isEqualTo(Integer.MAX_VALUE);
      assertThat(model.generator().generate(List.of("The sea"), options)).isEqualTo(expected);
      assertThat(backend.pool().heldBytes()).isLessThan(1 << 20);
    }
  }

  private void assertSameWeights(Llama found, double tolerance) {
    try (Llama wanted = TinyCheckpoint.model(found.config(), backend)) {
      for (int i = 0; i < wanted.parameters().size(); i++) {
        Parameter parameter = wanted.parameters().get(i);
        assertThat(backend.floats(found.parameters().get(i).value()))
            .as(parameter.name())
            .usingElementComparator((a, b) -> Math.abs(a - b) <= tolerance * Math.abs(b) ? 0 : 1)
            .containsExactly(backend.floats(parameter.value()));
      }
    }
  }

  @Test
  void shardsAndHalfPrecision() throws IOException {
    Path sharded = directory.resolve("sharded");
    rewrite(all -> all.stream().map(tensor -> tensor.as(StoredType.BF16)).toList(), sharded);
    assertThat(sharded.resolve("model.safetensors.index.json")).exists();
    for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
      Files.copy(directory.resolve(name), sharded.resolve(name));
    }
    try (ModelDirectory model = ModelDirectory.open(sharded, backend, Precision.F32)) {
      assertSameWeights(model.model(), 0x1p-8);
      assertThat(model.endings()).containsExactlyInAnyOrder(1, 3);
    }
  }

  @Test
  void itsOwnWishesForSampling() throws IOException {
    edit("generation_config.json", text -> text.replaceFirst("\\{", "{\"top_k\": 5,"));
    try (ModelDirectory model = open()) {
      assertThat(model.sampling().topK()).isEqualTo(5);
      assertThat(model.sampling().topP()).isEqualTo(SamplingOptions.DEFAULT.topP());
    }
    edit("generation_config.json", text -> text.replaceFirst("\\{", "{\"do_sample\": false,"));
    try (ModelDirectory model = open()) {
      assertThat(model.sampling().greedy()).isTrue();
    }
    edit("generation_config.json", text -> text.replace("\"top_k\": 5", "\"top_p\": 5"));
    try (ModelDirectory model = open()) {
      assertThatThrownBy(model::sampling)
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("generation_config.json", "top-p", "5.0");
    }
  }

  @Test
  void theTemplateMayBeAbsent() throws IOException {
    Files.delete(directory.resolve("chat_template.jinja"));
    Files.delete(directory.resolve("tokenizer_config.json"));
    Files.delete(directory.resolve("generation_config.json"));
    try (ModelDirectory model = open()) {
      assertThat(model.chatTemplate()).isEmpty();
      assertThat(model.endings()).containsExactlyInAnyOrder(1, 3);
    }
  }

  @Test
  void missingFiles() throws IOException {
    for (String name : List.of("tokenizer.json", "model.safetensors", "config.json")) {
      Files.delete(directory.resolve(name));
      refused(name, directory.toString());
    }
    assertThatThrownBy(() -> ModelDirectory.open(directory.resolve("none"), backend, Precision.F32))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("none");
  }

  @Test
  void weightsOfAnotherModel() throws IOException {
    String config = Files.readString(directory.resolve("config.json"));
    edit(
        "config.json",
        text -> text.replace("\"num_hidden_layers\" : 2", "\"num_hidden_layers\" : 3"));
    refused("model.layers.2.input_layernorm.weight");
    edit(
        "config.json",
        _ -> config.replace("\"num_hidden_layers\" : 2", "\"num_hidden_layers\" : 1"));
    refused("model.layers.1.");
    edit(
        "config.json",
        _ -> config.replace("\"intermediate_size\" : 48", "\"intermediate_size\" : 47"));
    refused("mlp.", "[48, 32]", "[47, 32]");
  }

  @Test
  void oneWeightTooMany() throws IOException {
    replaceWeights(
        all -> {
          List<TensorContent> more = new ArrayList<>(all);
          more.add(
              TensorContent.of(
                  TensorSpec.of("model.extra", StoredType.F32, 1), () -> new float[1]));
          return more;
        });
    refused("model.extra");
  }

  @Test
  void aTokenizerOfAnotherModel() throws IOException {
    edit("config.json", text -> text.replace("\"vocab_size\" : 300", "\"vocab_size\" : 299"));
    replaceWeights(
        all ->
            all.stream()
                .map(
                    tensor ->
                        tensor.spec().name().equals("model.embed_tokens.weight")
                            ? TensorContent.of(
                                TensorSpec.of(tensor.spec().name(), StoredType.F32, 299, 32),
                                () -> new float[299 * 32])
                            : tensor)
                .toList());
    refused("300 tokens", "299");
  }
}
