package io.kanana.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.golden.Golden;
import io.kanana.core.golden.GoldenTensors;
import io.kanana.core.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every model directory among the golden values: weights, both kinds of configuration, rotary
 * frequencies; then written and read again.
 */
@Tag("golden")
class CheckpointGoldenTest {
  private final Path golden = Golden.folder("");

  @TempDir Path temporary;

  @TestFactory
  Stream<DynamicTest> everyModelDirectory() throws IOException {
    return Golden.cases(
        directories().stream()
            .map(
                directory ->
                    DynamicTest.dynamicTest(
                        golden.relativize(directory).toString(), () -> readAndCopy(directory))));
  }

  private List<Path> directories() throws IOException {
    try (Stream<Path> files = Files.walk(golden)) {
      return files
          .filter(file -> file.endsWith(HuggingFaceConfig.FILE))
          .map(Path::getParent)
          .sorted()
          .toList();
    }
  }

  private void readAndCopy(Path directory) {
    try (HuggingFaceModel model = HuggingFaceModel.open(directory)) {
      sameAsTheOracle(directory, model);
      Path copy = temporary.resolve(golden.relativize(directory).toString().replace('/', '-'));
      copyOf(model, copy);
      try (HuggingFaceModel again = HuggingFaceModel.open(copy)) {
        assertThat(again.config()).isEqualTo(model.config());
        assertThat(again.tensors().names()).hasSameElementsAs(model.tensors().names());
        for (String name : model.tensors().names()) {
          assertThat(again.weight(name).data().mismatch(model.weight(name).data())).isEqualTo(-1);
        }
      }
    }
  }

  private static void sameAsTheOracle(Path directory, HuggingFaceModel model) {
    List<GoldenTensors> files = safetensors(directory);
    long parameters =
        LlamaWeights.specs(model.config().model(), StoredType.F32)
            .mapToLong(TensorSpec::elements)
            .sum();
    assertThat(parameters).isEqualTo(model.config().model().parameterCount());
    for (String name : model.tensors().names()) {
      GoldenTensors file = files.stream().filter(f -> f.has(name)).findFirst().orElseThrow();
      double[] expected = file.doubles(name);
      float[] found = model.weight(name).floats();
      assertThat(found).hasSameSizeAs(expected);
      for (int i = 0; i < found.length; i++) {
        assertThat((double) found[i]).isEqualTo(expected[i]);
      }
    }
  }

  private static List<GoldenTensors> safetensors(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".safetensors"))
          .map(GoldenTensors::new)
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void copyOf(HuggingFaceModel model, Path target) {
    List<TensorContent> weights =
        model.tensors().names().stream().map(model::weight).map(TensorContent::of).toList();
    try (ArtefactWriter artefact = ArtefactWriter.create(target, "checkpoint", List.of())) {
      HuggingFaceModel.write(artefact, model.config(), weights, 20_000);
      artefact.commit().verify();
    }
  }

  @TestFactory
  Stream<DynamicTest> rotaryFrequenciesOfBothKindsOfConfiguration() {
    JsonNode cases = Golden.json(golden.resolve("models/values.json")).get("cases");
    return Golden.cases(
        StreamSupport.stream(cases.spliterator(), false)
            .filter(golden -> golden.has("ropeInvFreq"))
            .map(c -> DynamicTest.dynamicTest(c.get("id").asText(), () -> rotary(c))));
  }

  private void rotary(JsonNode expected) {
    Path models = golden.resolve("models");
    Path directory = models.resolve(expected.get("model").asText());
    HuggingFaceConfig config = HuggingFaceConfig.read(directory.resolve(HuggingFaceConfig.FILE));
    assertThat(HuggingFaceConfig.read(models.resolve(expected.get("configLegacy").asText())))
        .isEqualTo(config);
    assertThat(HuggingFaceConfig.parse("written", config.toJson())).isEqualTo(config);
    ModelConfig model = config.model();
    double[] frequencies = model.rope().inverseFrequencies(model.headDim());
    JsonNode values = expected.get("ropeInvFreq");
    assertThat(frequencies).hasSize(values.size());
    for (int i = 0; i < frequencies.length; i++) {
      double value = values.get(i).asDouble();
      assertThat(frequencies[i]).isCloseTo(value, within(1e-12 * value));
    }
    assertThat(model.rope().amplitude())
        .isCloseTo(expected.get("ropeAttentionScaling").asDouble(), within(1e-12));
  }
}
