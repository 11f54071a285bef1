package io.kanana.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.config.Binder;
import io.kanana.core.config.Yaml;
import io.kanana.core.extension.Extensions;
import io.kanana.core.train.Duration;
import io.kanana.data.batch.Packing;
import io.kanana.data.mixture.MixtureConfig;
import io.kanana.data.mixture.MixtureReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixtureInspectionTest {
  private static final String DOMAINS =
      "data.mixture.domains="
          + "{web: {weight: 3, documents: [{type: miniature-web, documents: 60, seed: 1}]},"
          + " code: {weight: 1, documents: [{type: miniature-web, documents: 40, seed: 2}]}}";

  @TempDir Path directory;

  private SmallPretrain tokens() throws IOException {
    SmallPretrain tokens = SmallPretrain.ofTokenize(directory);
    tokens.run(DOMAINS);
    return tokens;
  }

  private MixtureConfig mixture(Path made, String more) {
    return new Binder(Extensions.of())
        .bind(
            MixtureConfig.class,
            Yaml.read(
                "domains: {web: {weight: 3, tokens: "
                    + made.resolve("tokens/web")
                    + more
                    + "}, code: {weight: 1, tokens: "
                    + made.resolve("tokens/code")
                    + "}}"))
        .config();
  }

  @Test
  void aMixtureOfTokensNeedsNoRun() throws IOException {
    Path made = tokens().output();
    List<String> before = files(made);
    for (Packing packing : Packing.values()) {
      MixtureInspection.Result result =
          MixtureInspection.of(mixture(made, ""), 16, packing, Duration.ofTokens(1600))
              .look(OptionalLong.empty(), 1);
      MixtureReport report = result.report();
      assertThat(report.sequences()).isEqualTo(100);
      assertThat(report.packing()).isEqualTo(packing);
      assertThat(report.domains().get(0).seen().orElseThrow().share()).isBetween(0.73, 0.77);
      assertThat(report.domains().get(1).seen().orElseThrow().taken()).isBetween(20L, 30L);
      assertThat(result.samples()).isEmpty();
      assertThat(result.notes())
          .containsExactly("no sequences are shown, since there is no tokenizer to decode them");
    }
    assertThat(files(made)).isEqualTo(before);
  }

  @Test
  void whatCannotBeRunIsShownWithTheReason() throws IOException {
    MixtureConfig mixture = mixture(tokens().output(), ", max-epochs: 0.01");
    MixtureInspection.Result result =
        MixtureInspection.of(mixture, 16, Packing.WINDOWS, Duration.ofTokens(32_000))
            .look(OptionalLong.of(1600), 0);
    assertThat(result.report().sequences()).isEqualTo(100);
    assertThat(result.notes()).hasSize(1);
    assertThat(result.notes().getFirst())
        .startsWith("cannot be run: data.mixture.domains.web: 75.");
  }

  @Test
  void aRunIsShownBeforeItsTokensAreThereAndAfter() throws IOException {
    SmallPretrain small = SmallPretrain.ofMixture(directory);
    PretrainConfig config =
        (PretrainConfig) small.configured(DOMAINS, "data.packing=best-fit").config();
    MixtureInspection.Result before =
        MixtureInspection.of(config, small.output()).look(OptionalLong.empty(), 3);
    assertThat(before.report().domains()).allMatch(domain -> domain.seen().isEmpty());
    assertThat(before.notes().getFirst()).startsWith("no tokens yet of web, code");
    assertThat(small.output()).doesNotExist();
    small.run(DOMAINS, "data.packing=best-fit");
    List<String> files = files(small.output());
    MixtureInspection.Result after =
        MixtureInspection.of(config, small.output()).look(OptionalLong.empty(), 3);
    assertThat(after.report().sequences()).isEqualTo(4);
    assertThat(after.samples()).hasSize(3);
    assertThat(after.samples().getFirst().pieces())
        .allMatch(piece -> piece.from() > 0 || piece.text().startsWith("<|begin_of_text|>"));
    assertThat(files(small.output())).isEqualTo(files);
  }

  private static List<String> files(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.map(Path::toString).sorted().toList();
    }
  }
}
