package io.kanana.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.ModelHead;
import io.kanana.core.model.Precision;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.reference.ReferenceBackend;
import io.kanana.core.train.ParentModel;
import io.kanana.core.train.WholeModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A reward model as a directory of transformers' LlamaForSequenceClassification. */
class RewardCheckpointTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TensorBackend backend = new ReferenceBackend();

  @TempDir Path directory;

  @AfterEach
  void close() {
    backend.close();
  }

  private Path target() {
    return directory.resolve("reward");
  }

  private static ModelConfig shape(boolean tied) {
    return TinyCheckpoint.shape(300).resized(2, 32, 4, 2, 48, tied);
  }

  private Llama write(boolean tied) {
    Llama model = Llama.scoring(shape(tied), Precision.F32, backend, true);
    model.initialise(RandomKey.of(5), 0.3);
    try (ArtefactWriter artefact =
        ArtefactWriter.create(target(), ModelDirectory.KIND, List.of())) {
      new WholeModel(model).write(artefact, SpecialTokens.NONE);
      artefact.commit();
    }
    return model;
  }

  private void change(Consumer<ObjectNode> change) throws IOException {
    Files.deleteIfExists(target().resolve("manifest.json"));
    Path config = target().resolve(HuggingFaceConfig.FILE);
    ObjectNode json = (ObjectNode) JSON.readTree(config.toFile());
    change.accept(json);
    Files.write(config, JSON.writeValueAsBytes(json));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void itComesBackAsItWas(boolean tied) throws IOException {
    try (Llama written = write(tied);
        HuggingFaceModel stored = HuggingFaceModel.open(target(), ModelHead.SCORE);
        Llama read = ModelWeights.load(stored, Precision.F32, backend)) {
      assertThat(read.kind()).isEqualTo(ModelHead.SCORE);
      assertThat(read.config()).isEqualTo(written.config());
      assertThat(stored.tensors().names())
          .contains("score.weight", "model.embed_tokens.weight")
          .doesNotContain("lm_head.weight");
      for (int i = 0; i < read.parameters().size(); i++) {
        assertThat(backend.floats(read.parameters().get(i).value()))
            .isEqualTo(backend.floats(written.parameters().get(i).value()));
      }
      assertThat(target().resolve(GenerationConfig.FILE)).doesNotExist();
    }
  }

  @Test
  void transformersFindsOneLabel() throws IOException {
    write(true).close();
    JsonNode json = JSON.readTree(target().resolve(HuggingFaceConfig.FILE).toFile());
    assertThat(json.get("architectures").toString())
        .isEqualTo("[\"LlamaForSequenceClassification\"]");
    assertThat(json.get("id2label").size()).isEqualTo(1);
    assertThat(json.get("label2id").size()).isEqualTo(1);
    assertThat(json.get("tie_word_embeddings").asBoolean()).isTrue();
    assertThat(HuggingFaceConfig.isReward(target().resolve(HuggingFaceConfig.FILE))).isTrue();
  }

  @Test
  void aRewardModelIsNoLanguageModel() {
    write(true).close();
    for (Consumer<Path> reader :
        List.<Consumer<Path>>of(
            path -> HuggingFaceModel.open(path).close(),
            path -> ParentModel.open(path).close(),
            path -> ModelDirectory.open(path, backend, Precision.F32).close(),
            path -> HuggingFaceConfig.read(path.resolve(HuggingFaceConfig.FILE)))) {
      assertThatThrownBy(() -> reader.accept(target()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(target().toString())
          .hasMessageContaining("this is a reward model");
    }
  }

  @Test
  void aLanguageModelIsNoRewardModel() throws IOException {
    Path language = TinyCheckpoint.write(directory.resolve("language"));
    assertThat(HuggingFaceConfig.isReward(language.resolve(HuggingFaceConfig.FILE))).isFalse();
    refused(language, "is a language model where a reward model");
  }

  private static void refused(Path model, String message) {
    assertThatThrownBy(() -> HuggingFaceModel.open(model, ModelHead.SCORE).close())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(model.toString())
        .hasMessageContaining(message);
  }

  @Test
  void otherNumbersOfLabelsAreRefused() throws IOException {
    write(true).close();
    change(json -> ((ObjectNode) json.get("id2label")).put("1", "LABEL_1"));
    refused(target(), "'num_labels' must be 1 for a reward model, got 2");
    change(json -> json.remove(List.of("id2label", "label2id")));
    refused(target(), "'num_labels' must be 1 for a reward model, got 2");
    change(json -> json.put("num_labels", 1));
    HuggingFaceModel.open(target(), ModelHead.SCORE).close();
    change(json -> json.putArray("architectures").add("BertForSequenceClassification"));
    refused(target(), "must be [LlamaForSequenceClassification]");
  }

  @Test
  void theBodyOfALanguageModelLeavesTheHeadAsItIs() throws IOException {
    Path language = TinyCheckpoint.write(directory.resolve("language"));
    try (HuggingFaceModel stored = HuggingFaceModel.open(language);
        Llama body = ModelWeights.load(stored, Precision.F32, backend);
        Llama reward = Llama.scoring(stored.config().model(), Precision.F32, backend, true)) {
      reward.initialise(RandomKey.of(8), 0.5);
      float[] head = backend.floats(reward.scoreHead().value());
      ModelWeights.readBody(stored.tensors(), reward);
      assertThat(backend.floats(reward.scoreHead().value())).isEqualTo(head);
      assertThat(backend.floats(reward.parameters().getFirst().value()))
          .isEqualTo(backend.floats(body.parameters().getFirst().value()));
    }
  }
}
