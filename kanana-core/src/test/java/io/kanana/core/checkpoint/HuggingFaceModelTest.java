package io.kanana.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.model.RopeScaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceModelTest {
  private final HuggingFaceConfig config = HuggingFaceConfigTest.example(new RopeScaling.None());

  @TempDir Path directory;

  private Path target() {
    return directory.resolve("model");
  }

  private List<TensorContent> weights() {
    return LlamaWeights.specs(config.model(), StoredType.F32)
        .map(
            spec ->
                TensorContent.of(spec, () -> new float[(int) spec.elements()]).as(config.type()))
        .toList();
  }

  private void write(List<TensorContent> weights, long largestShard) {
    try (ArtefactWriter artefact = ArtefactWriter.create(target(), "checkpoint", List.of())) {
      HuggingFaceModel.write(artefact, config, weights, largestShard);
      artefact.commit();
    }
  }

  private void refused(String message) {
    assertThatThrownBy(() -> HuggingFaceModel.open(target()).close())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(target().toString())
        .hasMessageContaining(message);
  }

  @Test
  void aModelComesBackWholeOrInShards() {
    for (long largestShard : new long[] {Long.MAX_VALUE, 5_000, 1}) {
      write(weights(), largestShard);
      Artefact.open(target()).verify();
      try (HuggingFaceModel model = HuggingFaceModel.open(target())) {
        assertThat(model.config()).isEqualTo(config);
        assertThat(model.tensors().names()).hasSize(weights().size());
        assertThat(model.weight("model.norm.weight").spec().type()).isEqualTo(StoredType.BF16);
        assertThat(GenerationConfig.read(target()).orElseThrow().tokens())
            .isEqualTo(config.tokens());
      }
    }
  }

  @Test
  void aModelIsNamedByItsManifestOrElseByItsContent() throws IOException {
    write(weights(), Long.MAX_VALUE);
    assertThat(id()).isEqualTo(Artefact.open(target()).id());
    Files.delete(target().resolve("manifest.json"));
    String content = id();
    assertThat(content).matches("[0-9a-f]{64}");
    Files.writeString(target().resolve("README.md"), "other people's words");
    assertThat(id()).isEqualTo(content);
    Path weights = target().resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    assertThat(id()).isNotEqualTo(content);
  }

  private String id() {
    try (HuggingFaceModel model = HuggingFaceModel.open(target())) {
      return model.id();
    }
  }

  @Test
  void weightsMustBeThoseOfTheShape() {
    List<TensorContent> weights = new ArrayList<>(weights());
    TensorContent last = weights.removeLast();
    write(weights, Long.MAX_VALUE);
    refused("has no tensor 'model.norm.weight'");
    TensorSpec bias = TensorSpec.of("model.layers.0.self_attn.q_proj.bias", StoredType.F32, 96);
    weights.add(last);
    weights.add(TensorContent.of(bias, () -> new float[96]));
    write(weights, Long.MAX_VALUE);
    refused("has tensor 'model.layers.0.self_attn.q_proj.bias'");
    weights.removeLast();
    weights.removeLast();
    weights.add(
        TensorContent.of(
            TensorSpec.of("model.norm.weight", StoredType.F32, 47), () -> new float[47]));
    write(weights, Long.MAX_VALUE);
    refused("of shape [48]");
  }

  @Test
  void aTiedHeadAndOldBuffersAreLeftAside() {
    List<TensorContent> weights = new ArrayList<>(weights());
    TensorSpec head = TensorSpec.of("lm_head.weight", StoredType.F32, 101, 48);
    TensorSpec buffer =
        TensorSpec.of("model.layers.0.self_attn.rotary_emb.inv_freq", StoredType.F32, 8);
    weights.add(TensorContent.of(head, () -> new float[101 * 48]));
    weights.add(TensorContent.of(buffer, () -> new float[8]));
    write(weights, Long.MAX_VALUE);
    HuggingFaceModel.open(target()).close();
  }

  /** A directory without a manifest, as other programs write it. */
  private void changeConfig(UnaryOperator<String> change) throws IOException {
    write(weights(), Long.MAX_VALUE);
    Files.delete(target().resolve(Manifest.FILE));
    Path file = target().resolve(HuggingFaceConfig.FILE);
    Files.writeString(file, change.apply(Files.readString(file)));
  }

  @Test
  void aShapeThatClaimsMoreThanThereIsAllocatesNothing() throws IOException {
    changeConfig(text -> text.replace("_layers\" : 2", "_layers\" : 2147483647"));
    refused("has no tensor 'model.layers.2.input_layernorm.weight'");
  }

  @Test
  void aVocabularyThatIsLargerThanTheEmbeddingIsRefused() throws IOException {
    changeConfig(text -> text.replace("_size\" : 101", "_size\" : 2147483647"));
    refused("of shape [2147483647, 48]");
  }

  @Test
  void aDirectoryThatIsNotThereOrEmptyIsRefused() throws IOException {
    refused("there is no such directory");
    Files.createDirectory(target());
    refused("there is no such file");
    Files.write(target().resolve(HuggingFaceConfig.FILE), config.toJson());
    refused("has neither model.safetensors nor model.safetensors.index.json");
  }

  @Test
  void aFileThatWasCutShortIsRefused() throws IOException {
    write(weights(), Long.MAX_VALUE);
    Path file = target().resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    refused("but the manifest says " + bytes.length);
  }
}
