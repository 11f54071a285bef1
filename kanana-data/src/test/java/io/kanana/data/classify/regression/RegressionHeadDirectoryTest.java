package io.kanana.data.classify.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.SafetensorsWriter;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TensorContent;
import io.kanana.core.checkpoint.TensorSpec;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.random.RandomKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegressionHeadDirectoryTest {
  private static final String DESCRIPTION =
      """
      {"format": 1, "model": "m", "width": 2, "hidden": [], "maxTokens": 9,
       "scale": {"lowest": 0, "highest": 5, "atLeast": 3}}
      """;

  private static final String MODEL = "0123456789abcdef".repeat(4);

  @TempDir private Path directory;

  private static RegressionHeadDirectory.Stored stored(List<Integer> hidden) {
    RegressionHead head = RegressionHead.initial(5, hidden, 1.5, RandomKey.of(1));
    return new RegressionHeadDirectory.Stored(head, MODEL, 77, new ScoreScale(1, 9, 4));
  }

  static Stream<List<Integer>> shapes() {
    return Stream.of(List.of(), List.of(3), List.of(4, 2));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void whatIsWrittenIsRead(List<Integer> hidden) {
    RegressionHeadDirectory.Stored stored = stored(hidden);
    Path head = directory.resolve("head");
    RegressionHeadDirectory.write(head, stored, "job: x\n", "{}\n");
    RegressionHeadDirectory.Stored read = RegressionHeadDirectory.read(head);
    assertThat(read.model()).isEqualTo(MODEL);
    assertThat(read.maxTokens()).isEqualTo(77);
    assertThat(read.scale()).isEqualTo(new ScoreScale(1, 9, 4));
    assertThat(read.head().hidden()).isEqualTo(hidden);
    for (int i = 0; i < stored.head().layers().size(); i++) {
      RegressionHead.Layer layer = read.head().layers().get(i);
      assertThat(layer.weights()).isEqualTo(stored.head().layers().get(i).weights());
      assertThat(layer.biases()).isEqualTo(stored.head().layers().get(i).biases());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"head.json", "head.safetensors", "report.json", "config.yaml"})
  void damagedFilesAreNamed(String file) throws IOException {
    Path head = directory.resolve("head");
    RegressionHeadDirectory.write(head, stored(List.of(3)), "job: x\n", "{}\n");
    byte[] bytes = Files.readAllBytes(head.resolve(file));
    bytes[bytes.length / 2] ^= 4;
    Files.write(head.resolve(file), bytes);
    assertThatThrownBy(() -> RegressionHeadDirectory.read(head))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(file)
        .hasMessageContaining("SHA-256");
    Files.write(head.resolve(file), new byte[] {1});
    assertThatThrownBy(() -> RegressionHeadDirectory.read(head))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(file)
        .hasMessageContaining("size");
  }

  @Test
  void otherArtefactsAreNamed() {
    Path other = directory.resolve("other");
    try (ArtefactWriter artefact = ArtefactWriter.create(other, "classifier", List.of())) {
      artefact.commit();
    }
    assertThatThrownBy(() -> RegressionHeadDirectory.read(other))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("holds a classifier; a regression-head is needed");
    assertThatThrownBy(() -> RegressionHeadDirectory.read(directory.resolve("none")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("none");
  }

  /** Complete artefacts of someone who writes what he likes. */
  private Path crafted(String description, Map<String, float[]> tensors) {
    Path head = directory.resolve("crafted");
    try (ArtefactWriter artefact = ArtefactWriter.create(head, "regression-head", List.of())) {
      artefact.write("head.json", description);
      List<TensorContent> contents =
          tensors.entrySet().stream()
              .map(entry -> content(entry.getKey(), entry.getValue()))
              .toList();
      artefact.write("head.safetensors", out -> SafetensorsWriter.write(contents, Map.of(), out));
      artefact.commit();
    }
    return head;
  }

  private static TensorContent content(String name, float[] values) {
    TensorSpec spec =
        name.endsWith("weight")
            ? TensorSpec.of(name, StoredType.F32, 1, values.length)
            : TensorSpec.of(name, StoredType.F32, values.length);
    return TensorContent.of(spec, () -> values);
  }

  private static Map<String, float[]> whole() {
    return Map.of("layers.0.weight", new float[] {1, 2}, "layers.0.bias", new float[] {3});
  }

  @Test
  void aHeadOfOthersIsRead() {
    RegressionHead head = RegressionHeadDirectory.read(crafted(DESCRIPTION, whole())).head();
    assertThat(head.score(new float[] {10, 100})).isEqualTo(213);
  }

  @Test
  void tensorsThatDoNotFitAreNamed() {
    refused(Map.of("layers.0.weight", new float[] {1, 2}), "has no tensor layers.0.bias");
    refused(
        Map.of("layers.0.weight", new float[] {1, 2, 3}, "layers.0.bias", new float[] {3}),
        "tensor layers.0.weight is F32 [1, 3]; by head.json it must be F32 [1, 2]");
    refused(
        Map.of("layers.0.weight", new float[] {1, Float.NaN}, "layers.0.bias", new float[] {3}),
        "tensor layers.0.weight holds NaN");
    refused(
        Map.of(
            "layers.0.weight",
            new float[] {1, 2},
            "layers.0.bias",
            new float[] {3},
            "layers.1.bias",
            new float[] {3}),
        "has tensor layers.1.bias, for which there is no layer");
  }

  private void refused(Map<String, float[]> tensors, String message) {
    Path head = crafted(DESCRIPTION, tensors);
    assertThatThrownBy(() -> RegressionHeadDirectory.read(head))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("head.safetensors: " + message);
  }

  static Stream<String> malformed() {
    return Stream.of(
        "",
        "[]",
        "{}",
        DESCRIPTION.replace("\"format\": 1", "\"format\": 2"),
        DESCRIPTION.replace("\"width\": 2", "\"width\": 0"),
        DESCRIPTION.replace("\"width\": 2", "\"width\": 2000000000"),
        DESCRIPTION.replace("\"width\": 2", "\"width\": \"2\""),
        DESCRIPTION.replace("\"width\": 2", "\"width\": 2.5"),
        DESCRIPTION.replace("\"hidden\": []", "\"hidden\": [-1]"),
        DESCRIPTION.replace("\"hidden\": []", "\"hidden\": [null]"),
        DESCRIPTION.replace("\"hidden\": []", "\"hidden\": null"),
        DESCRIPTION.replace("\"model\": \"m\",", ""),
        DESCRIPTION.replace("\"maxTokens\": 9", "\"maxTokens\": 0"),
        DESCRIPTION.replace("\"atLeast\": 3", "\"atLeast\": 9"),
        DESCRIPTION.replace("\"format\": 1", "\"format\": 1, \"@class\": \"java.lang.Object\""),
        DESCRIPTION + DESCRIPTION);
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void descriptionsThatDoNotHoldAreNamed(String description) {
    Path head = crafted(description, whole());
    assertThatThrownBy(() -> RegressionHeadDirectory.read(head))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("head.json: is no description of a regression head");
  }
}
