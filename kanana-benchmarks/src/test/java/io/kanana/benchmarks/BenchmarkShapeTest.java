package io.kanana.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.core.model.ModelConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shapes by name and by file, and what a step of them takes. */
class BenchmarkShapeTest {
  private static final Path SHIPPED =
      Path.of(System.getProperty("kanana.root", ".."), "configs", "models");

  /**
   * Computed by hand as 6 x (layers x matrices + head) x tokens + 6 x layers x heads x headDim x T
   * x tokens.
   */
  @ParameterizedTest
  @CsvSource({
    "13m, 12189696, 589824, 2048",
    "50m, 56852480, 2621440, 2048",
    "135m, 134479872, 17694720, 1024",
    "2b-2l, 173408256, 3145728, 512"
  })
  void operationsOfAStep(String name, long matrices, long layersHeadsDimTime, long tokens) {
    BenchmarkShape shape = BenchmarkShape.of(name);
    assertThat(shape.tokens()).isEqualTo(tokens);
    assertThat(shape.flopsPerStep()).isEqualTo(6.0 * (matrices + layersHeadsDimTime) * tokens);
  }

  @ParameterizedTest
  @CsvSource({"13m, 13m, 256", "50m, 50m, 512", "135m, smollm2-135m, 1024", "2b-2l, 2b-2l, 512"})
  void namedShapesAreThoseOfTheConfigurations(String name, String file, int context) {
    ModelConfig named = BenchmarkShape.of(name).model();
    ModelConfig read =
        BenchmarkShape.of(SHIPPED.resolve(file + ".yaml").toString()).withContext(context).model();
    assertThat(named).usingRecursiveComparison().ignoringFields("rope").isEqualTo(read);
  }

  @Test
  void batchAndContextCanBeChosen() {
    BenchmarkShape shape = BenchmarkShape.of("13m").withBatch(3).withContext(1_000);
    assertThat(shape.tokens()).isEqualTo(3_000);
    assertThat(shape.model().contextLength()).isEqualTo(1_000);
    assertThatThrownBy(() -> shape.withBatch(0))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--batch: must be at least 1, got 0");
  }

  @Test
  void unknownShapesListWhatExists() {
    assertThatThrownBy(() -> BenchmarkShape.of("14m"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no shape '14m'")
        .hasMessageContaining("13m, 50m, 135m, 2b-2l, or a YAML file");
  }

  @Test
  void problemsOfAFileAreThoseOfEveryConfiguration(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("x.yaml"), "layers: 2\nheds: 2\n");
    assertThatThrownBy(() -> BenchmarkShape.of(file.toString()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("did you mean heads?");
  }
}
