package io.kanana.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.benchmarks.TokenizerBenchmark.Measured;
import io.kanana.benchmarks.TokenizerBenchmark.Settings;
import io.kanana.core.error.ConfigException;
import io.kanana.core.tokenizer.BpeTrainer;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.TokenizerConfig;
import io.kanana.core.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TokenizerBenchmarkTest {
  private static final Settings SETTINGS = new Settings(2, 1, 2);
  private static final List<String> TEXTS = List.of("a rose is a rose", "장미는 장미");

  private static BytePairTokenizer tokenizer() {
    return new BpeTrainer(new BpeTrainer.Config(270, List.of())).train(TEXTS.iterator(), 1);
  }

  @Test
  void countsTheWorkOfARound(@TempDir Path directory) {
    Tokenizers.save(tokenizer(), TokenizerConfig.empty(), directory);
    Measured encoded = TokenizerBenchmark.encode(directory, TEXTS, SETTINGS);
    assertThat(encoded.seconds()).hasSize(3).doesNotContain(0);
    assertThat(encoded.bytes()).isEqualTo(16 + 16);
    assertThat(encoded.tokens()).isBetween(4L, 32L);
    assertThat(TokenizerBenchmark.encode(directory, TEXTS.reversed(), SETTINGS).digest())
        .isNotEqualTo(encoded.digest())
        .hasSize(64);
    assertThat(TokenizerBenchmark.load(directory, SETTINGS).tokens()).isEqualTo(270);
    assertThat(TokenizerBenchmark.train(270, TEXTS, SETTINGS).tokens()).isEqualTo(270);
  }

  @Test
  void theCommandWritesItsReport(@TempDir Path directory) throws IOException {
    Path documents = Files.writeString(directory.resolve("a.jsonl"), "{\"text\":\"a rose\"}\n");
    Path report = directory.resolve("report.json");
    int code =
        new CommandLine(new BenchCommand())
            .execute(
                "tokenizer",
                "--train",
                "260",
                "--rounds",
                "1",
                "--warm-up",
                "0",
                "--json",
                report.toString(),
                documents.toString());
    assertThat(code).isZero();
    assertThat(Files.readString(report)).contains("\"work\":\"train\"", "\"bytes\":6,");
  }

  @Test
  void settingsNameTheOptionAndTheRule() {
    assertThatThrownBy(() -> new Settings(0, 1, 1))
        .isInstanceOf(ConfigException.class)
        .hasMessage("--threads: must be at least 1, got 0");
    assertThatThrownBy(() -> new Settings(1, 0, 0))
        .isInstanceOf(ConfigException.class)
        .hasMessage("--rounds: must be at least 1, got 0");
  }
}
