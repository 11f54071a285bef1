package io.kanana.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.config.Binder;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import io.kanana.core.extension.Extensions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shapes that are shipped, and how parameters and operations are counted. */
class ModelConfigTest {
  private static final Path SHIPPED =
      Path.of(System.getProperty("kanana.root", ".."), "configs", "models");
  private static final List<String> COUNTED =
      List.of(
          "13m",
          "2b-2l",
          "50m",
          "kanana-1.3b",
          "kanana-2.1b",
          "kanana-3.1b",
          "kanana-4.5b",
          "kanana-635m",
          "kanana-8b",
          "kanana-9.8b",
          "smollm2-135m");

  private static ModelConfig shipped(String name) {
    return new Binder(Extensions.of(new ModelExtensions()))
        .bind(ModelConfig.class, Yaml.read(SHIPPED.resolve(name + ".yaml")))
        .config();
  }

  @ParameterizedTest
  @CsvSource({
    "kanana-8b, 8030261248",
    "kanana-9.8b, 9775157248",
    "kanana-4.5b, 4512746496",
    "kanana-3.1b, 3082569984",
    "kanana-2.1b, 2086979328",
    "kanana-1.3b, 1291814400",
    "kanana-635m, 634717184",
    "smollm2-135m, 134515008",
    "13m, 13767552",
    "50m, 56863360",
    "2b-2l, 173417216"
  })
  void shippedShapesHaveTheirPublishedSize(String name, long parameters) {
    assertThat(shipped(name).parameterCount()).isEqualTo(parameters);
  }

  @Test
  void everyShippedShapeIsCountedHere() throws IOException {
    try (Stream<Path> files = Files.list(SHIPPED)) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".yaml", "")))
          .containsExactlyInAnyOrderElementsOf(COUNTED);
    }
  }

  /** Table 16 of the report: hidden size, ffn size, query heads, non-embedding parameters. */
  @ParameterizedTest
  @CsvSource({
    "1280, 5120, 24, 0.96",
    "1280, 5760, 16, 0.96",
    "1280, 5760, 24, 1.04",
    "1536, 4608, 16, 0.98",
    "1536, 4608, 24, 1.08",
    "1536, 5376, 8, 0.99",
    "1536, 5376, 16, 1.09",
    "1536, 6144, 8, 1.11",
    "1024, 3072, 16, 0.504"
  })
  void nonEmbeddingSizesOfTheArchitectureSearch(int hidden, int ffn, int heads, double billions) {
    RopeConfig rope = new RopeConfig(500_000, new RopeScaling.None());
    ModelConfig config =
        new ModelConfig(32, hidden, heads, 8, 128, ffn, 128_256, 8_192, 1e-5, rope, true);
    assertThat(config.nonEmbeddingParameterCount() / 1e9).isCloseTo(billions, within(0.005));
  }

  @Test
  void operationsCountMatricesAndCausalAttention() {
    ModelConfig config = shipped("13m");
    long matrices = 6L * (4 * 384 * 384 + 3 * 384 * 1_024) + 4_096 * 384;
    assertThat(config.matrixParameterCount()).isEqualTo(matrices);
    assertThat(config.trainingFlopsPerToken(256))
        .isEqualTo(6.0 * matrices + 6.0 * 6 * 6 * 64 * 256);
  }

  @Test
  void differencesNameWhatDiffersAndBothValues() {
    RopeConfig rope = new RopeConfig(10_000, new RopeScaling.None());
    RopeConfig other = new RopeConfig(20_000, new RopeScaling.Linear(2));
    ModelConfig one = new ModelConfig(2, 32, 4, 2, 8, 48, 100, 64, 1e-5, rope, false);
    ModelConfig two = new ModelConfig(3, 64, 8, 4, 4, 56, 200, 32, 1e-6, other, true);
    assertThat(one.differences(one)).isEmpty();
    assertThat(one.differences(two))
        .containsExactly(
            "layers is 3, not 2",
            "hidden-size is 64, not 32",
            "heads is 8, not 4",
            "kv-heads is 4, not 2",
            "head-dim is 4, not 8",
            "ffn-size is 56, not 48",
            "vocabulary-size is 200, not 100",
            "context-length is 32, not 64",
            "norm-epsilon is 1.0E-6, not 1.0E-5",
            "rope.theta is 20000.0, not 10000.0",
            "rope.scaling is Linear[factor=2.0], not None[]",
            "tied-embeddings is true, not false");
    assertThat(one.differences(two))
        .as("rope counts twice")
        .hasSize(ModelConfig.class.getRecordComponents().length + 1);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4, 2, 8, layers: must be at least 1",
    "2, 4, 3, 8, kv-heads: must divide heads (4)",
    "2, 4, 2, 7, head-dim: must be even"
  })
  void brokenShapesNameTheKeyAndTheRule(
      int layers, int heads, int kvHeads, int headDim, String message) {
    RopeConfig rope = new RopeConfig(10_000, new RopeScaling.None());
    assertThatThrownBy(
            () ->
                new ModelConfig(
                    layers, 32, heads, kvHeads, headDim, 48, 100, 64, 1e-5, rope, false))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }
}
