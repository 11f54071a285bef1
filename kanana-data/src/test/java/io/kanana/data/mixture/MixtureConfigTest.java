package io.kanana.data.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.kanana.core.config.Binder;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import io.kanana.core.extension.Extensions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MixtureConfigTest {
  private static final Path ROOT = Path.of(System.getProperty("kanana.root", ".."));

  private static MixtureConfig bind(String yaml) {
    return new Binder(Extensions.load(MixtureConfigTest.class.getClassLoader()))
        .bind(MixtureConfig.class, Yaml.read(yaml))
        .config();
  }

  private static MixtureConfig shipped(int stage) {
    return bind("file: " + ROOT.resolve("configs/mixtures/stage-" + stage + ".yaml"));
  }

  /** Percentages as in the report, whose sums are not 100. */
  @Test
  void theReportsMixturesAreShippedAsPublished() {
    assertThat(weights(shipped(1)))
        .isEqualTo(
            Map.of(
                Category.ENGLISH_WEB, 67.8,
                Category.CODE, 12.8,
                Category.KOREAN_WEB, 9.6,
                Category.ACADEMIC, 8.7,
                Category.ENCYCLOPEDIA, 1.0));
    assertThat(weights(shipped(2)))
        .isEqualTo(
            Map.of(
                Category.ENGLISH_WEB, 5.3,
                Category.CODE, 34.3,
                Category.KOREAN_WEB, 20.5,
                Category.ACADEMIC, 35.8,
                Category.ENCYCLOPEDIA, 2.4,
                Category.INSTRUCTION, 1.8));
    assertThat(Arrays.stream(Category.values())).allMatch(weights(shipped(2))::containsKey);
  }

  private static Map<Category, Double> weights(MixtureConfig mixture) {
    return mixture.domains().values().stream()
        .collect(Collectors.toMap(d -> d.category().orElseThrow(), d -> d.weight().orElseThrow()));
  }

  @ParameterizedTest
  @CsvSource({"1, 99.9, 67.8", "2, 100.1, 5.3"})
  void theyAreNormalised(int stage, double sum, double english) {
    MixtureConfig mixture = shipped(stage);
    assertThat(mixture.domains().values().stream().mapToDouble(d -> d.weight().orElseThrow()).sum())
        .isCloseTo(sum, offset(1e-9));
    Map<String, Double> shares = mixture.askedShares();
    assertThat(shares.values().stream().mapToDouble(x -> x).sum()).isCloseTo(1, offset(1e-12));
    assertThat(shares.get("english-web")).isCloseTo(english / sum, offset(1e-12));
    assertThat(mixture.domains().values()).noneMatch(MixtureConfig.Domain::hasSource);
  }

  @Test
  void documentsCanBeAddedToAFile() {
    MixtureConfig mixture =
        bind(
            "{file: "
                + ROOT.resolve("configs/mixtures/stage-1.yaml")
                + ", domains: {code: {documents: [a.jsonl, {type: miniature-web}], max-epochs: 2}}}");
    assertThat(mixture.domains()).hasSize(5);
    MixtureConfig.Domain code = mixture.domains().get("code");
    assertThat(code.weight()).hasValue(12.8);
    assertThat(code.documents().orElseThrow()).hasSize(2);
    assertThat(code.maxEpochs()).hasValue(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "domains: {}@domains: must name at least one domain",
        "domains: {a: {weight: 1}, b: {}}@domains: must all have a weight, or none of them; 1 of 2 have one",
        "domains: {a: {weight: 0}}@domains: must have a weight above 0 at least once",
        "domains: {a: {weight: -1}}@domains.a.weight: must be at least 0, got -1.0",
        "domains: {a: {max-epochs: 0}}@domains.a.max-epochs: must be above 0, got 0.0",
        "domains: {a: {documents: []}}@domains.a.documents: must name at least one source",
        "domains: {a: {documents: [x], tokens: shards}}"
            + "@domains.a.tokens: must not stand beside documents; give one of them",
        "domains: {Web_1: {}}@domains.Web_1: must be named by small letters and digits with hyphens between",
        "domains: {a: {category: cod}}"
            + "@domains.a.category: must be one of english-web, code, korean-web, academic, encyclopedia,"
            + " instruction, got \"cod\"; did you mean code?",
      })
  void refuses(String yaml, String problem) {
    assertThatThrownBy(() -> bind(yaml))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void withoutWeightsTheSharesAreThoseOfTheTokens() {
    assertThat(bind("domains: {a: {}, b: {}}").askedShares()).isEmpty();
  }
}
