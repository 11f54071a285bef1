package io.kanana.core.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.error.ConfigException;
import io.kanana.core.tokenizer.Tokenizer.Specials;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class BpeTrainerTest {
  private static final List<String> SPECIALS = List.of("<|begin_of_text|>", "<|end_of_text|>");

  @Test
  @Tag("golden")
  void learnsTheGoldenMerges() throws IOException {
    Path directory = GoldenFiles.tokenizerDirectory().resolve("train");
    Assumptions.assumeTrue(Files.exists(directory.resolve("expected.json")), "no training values");
    JsonNode expected = GoldenFiles.JSON.readTree(directory.resolve("expected.json").toFile());
    StringWriter corpus = new StringWriter();
    GoldenFiles.text(directory.resolve("corpus.txt.gz")).transferTo(corpus);
    List<String> specials = new ArrayList<>();
    expected.get("specials").forEach(token -> specials.add(token.textValue()));
    BpeTrainer.Config config =
        new BpeTrainer.Config(expected.get("vocab_size").intValue(), specials);
    BytePairTokenizer tokenizer =
        new BpeTrainer(config).train(List.of(corpus.toString()).iterator(), 2);
    List<List<String>> merges = merges(tokenizer);
    assertThat(merges).hasSize(expected.get("merges").intValue());
    assertThat(sha256(merges.stream().map(m -> m.get(0) + " " + m.get(1))))
        .isEqualTo(expected.get("merges_sha256").textValue());
    Stream<String> tokens =
        java.util.stream.IntStream.range(0, tokenizer.vocabularySize()).mapToObj(tokenizer::token);
    assertThat(sha256(tokens)).isEqualTo(expected.get("vocab_sha256").textValue());
  }

  @TestFactory
  @Tag("golden")
  Stream<DynamicTest> learnsTheMergesOfSmallCorpora() {
    Path file = GoldenFiles.tokenizerDirectory().resolve("train").resolve("small.jsonl");
    Assumptions.assumeTrue(Files.exists(file), "no small corpora");
    return GoldenFiles.lines(file).stream()
        .map(json -> DynamicTest.dynamicTest(json.get("name").textValue(), () -> checkSmall(json)));
  }

  private static void checkSmall(JsonNode json) {
    BpeTrainer.Config config = new BpeTrainer.Config(json.get("vocab_size").intValue(), List.of());
    BytePairTokenizer tokenizer =
        new BpeTrainer(config).train(List.of(json.get("text").textValue()).iterator(), 1);
    List<List<String>> expected = new ArrayList<>();
    json.get("merges")
        .forEach(m -> expected.add(List.of(m.get(0).textValue(), m.get(1).textValue())));
    assertThat(merges(tokenizer)).isEqualTo(expected);
  }

  @Test
  void doesNotDependOnThreadsOrOrder() {
    List<String> texts = texts();
    byte[] one = train(texts, 1);
    assertThat(train(texts, 3)).isEqualTo(one);
    Collections.reverse(texts);
    assertThat(train(texts, 2)).isEqualTo(one);
  }

  private static byte[] train(List<String> texts, int threads) {
    BpeTrainer trainer = new BpeTrainer(new BpeTrainer.Config(600, SPECIALS));
    return Tokenizers.toJson(trainer.train(texts.iterator(), threads));
  }

  private static List<String> texts() {
    Random random = new Random(7);
    List<String> texts = new ArrayList<>();
    for (int n = 0; n < 2_000; n++) {
      texts.add(
          random
              .ints(300, 0, 26)
              .mapToObj(c -> c < 4 ? " " : Character.toString('a' + (c * c) % 23))
              .collect(Collectors.joining()));
    }
    return texts;
  }

  @Test
  void putsTheBeginOfTextTokenBeforePrompts() {
    BpeTrainer trainer = new BpeTrainer(new BpeTrainer.Config(300, SPECIALS));
    BytePairTokenizer tokenizer = trainer.train(List.of("a rose is a rose\n").iterator(), 1);
    assertThat(tokenizer.beginOfText()).hasValue(0);
    assertThat(tokenizer.endOfText()).hasValue(1);
    assertThat(tokenizer.encode("a<|end_of_text|>", Specials.PARSE_AND_ADD))
        .startsWith(0)
        .endsWith(1);
    assertThat(tokenizer.encode("a<|end_of_text|>", Specials.NONE)).doesNotContain(0, 1);
  }

  @Test
  void documentTokensMayHaveAnyName() {
    BpeTrainer.Config config =
        new BpeTrainer.Config(300, List.of("[PAD]", "[BOS]", "[EOS]", "<|end_of_text|>"));
    BytePairTokenizer tokenizer =
        new BpeTrainer(config)
            .withDocumentTokens("[BOS]", "[EOS]")
            .train(List.of("a rose is a rose\n").iterator(), 1);
    assertThat(tokenizer.beginOfText()).hasValue(1);
    assertThat(tokenizer.endOfText()).hasValue(2);
    assertThat(tokenizer.encode("a", Specials.PARSE_AND_ADD)).startsWith(1).hasSize(2);
    assertThatThrownBy(() -> new BpeTrainer(config).withDocumentTokens("[BOS]", "[END]"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("special-tokens: must hold [END]");
  }

  @Test
  void heedsMinimumFrequencyAndTokenLength() {
    List<String> text = List.of("abcdabcdabcd xy\n");
    BpeTrainer.Config config =
        new BpeTrainer.Config(400, List.of(), 2, 4, BpeTrainer.LLAMA_3_PATTERN);
    List<List<String>> merges = merges(new BpeTrainer(config).train(text.iterator(), 1));
    assertThat(merges).contains(List.of("a", "b")).doesNotContain(List.of("x", "y"));
    assertThat(merges).allMatch(merge -> (merge.get(0) + merge.get(1)).length() < 4);
  }

  @Test
  void anEmptyCorpusGivesTheBytes() {
    BpeTrainer trainer = new BpeTrainer(new BpeTrainer.Config(1_000, SPECIALS));
    assertThat(trainer.train(Collections.emptyIterator(), 2).vocabularySize()).isEqualTo(258);
  }

  @Test
  void refusesAllMistakesOfAConfigAtOnce() {
    assertThatThrownBy(() -> new BpeTrainer.Config(10, List.of("a", "a"), -1, 1, "(?<x>y)"))
        .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.problems()).hasSize(5));
  }

  private static List<List<String>> merges(BytePairTokenizer tokenizer) {
    return tokenizer.parts().model().merges().stream()
        .map(m -> List.of(tokenizer.token(m.left()), tokenizer.token(m.right())))
        .toList();
  }

  private static String sha256(Stream<String> lines) {
    String text = lines.map(line -> line + "\n").collect(Collectors.joining());
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
