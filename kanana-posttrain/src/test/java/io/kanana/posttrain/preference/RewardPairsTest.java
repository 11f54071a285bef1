package io.kanana.posttrain.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.TinyCheckpoint;
import io.kanana.core.error.ConfigException;
import io.kanana.core.random.RandomKey;
import io.kanana.core.template.ChatMessage;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.TokenizerConfig;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.data.shard.HeldOut;
import io.kanana.posttrain.preference.RewardEncoder.Encoded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pairs from files to tokens. */
class RewardPairsTest {
  private final RewardFaults faults = new RewardFaults();

  @TempDir Path directory;

  private Path file(String... lines) throws IOException {
    return Files.write(directory.resolve("pairs.jsonl"), List.of(lines));
  }

  private List<RewardPair> read(RewardPairs.Config config, double share) {
    return config.create().read(RandomKey.of(3), new HeldOut(share), faults);
  }

  private static RewardRatedTexts rated(Path file, int pairsPerText, double gap, double margin) {
    return new RewardRatedTexts(
        List.of(file.toString()), "text", "rating", Optional.empty(), pairsPerText, gap, margin);
  }

  @Test
  void recordsThatAreNoPairsAreCountedByReason() throws IOException {
    Path file =
        file(
            "{\"prompt\": \"hi\", \"chosen\": \"good\", \"rejected\": \"bad\", \"margin\": 0.5}",
            "{\"prompt\": [{\"role\": \"user\", \"content\": \"hi\"}, {\"role\": \"assistant\","
                + " \"content\": \"yes?\"}, {\"role\": \"user\", \"content\": \"go\"}], \"chosen\":"
                + " \"good\", \"rejected\": \"bad\"}",
            "{\"chosen\": \"good\", \"rejected\": \"bad\"}",
            "{\"prompt\": [{\"role\": \"assistant\", \"content\": \"hi\"}], \"chosen\": \"good\","
                + " \"rejected\": \"bad\"}",
            "{\"prompt\": \"hi\", \"chosen\": \"good\"}",
            "{\"prompt\": \"hi\", \"chosen\": \"good\", \"rejected\": \"bad\", \"margin\": \"x\"}",
            "{\"prompt\": \"hi\", \"rejected\": \"bad\"}",
            "{\"prompt\": \"hi\", \"cho");
    List<RewardPair> pairs = read(new RewardPreferences(List.of(file.toString())), 0.5);
    assertThat(pairs).hasSize(2);
    assertThat(pairs.getFirst().margin()).isEqualTo(0.5);
    assertThat(pairs.getFirst().prompt()).containsExactly(ChatMessage.user("hi"));
    assertThat(pairs.getLast().prompt()).hasSize(3);
    assertThat(faults.counts())
        .containsAllEntriesOf(
            Map.of("no-prompt", 2, "no-rejected-answer", 1, "margin-not-a-number", 1))
        .hasSize(5);
    assertThat(faults.describe()).anyMatch(line -> line.contains("pairs.jsonl:3"));
  }

  @Test
  void onePromptIsOnOneSide() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      lines.add(
          "{\"prompt\": \"question %d\", \"chosen\": \"a%d\", \"rejected\": \"b\"}"
              .formatted(i % 50, i));
    }
    Path file = Files.write(directory.resolve("p.jsonl"), lines);
    List<RewardPair> pairs = read(new RewardPreferences(List.of(file.toString())), 0.3);
    Set<ChatMessage> heldOut = new HashSet<>();
    Set<ChatMessage> trained = new HashSet<>();
    pairs.forEach(p -> (p.heldOut() ? heldOut : trained).add(p.prompt().getFirst()));
    assertThat(heldOut).isNotEmpty().doesNotContainAnyElementsOf(trained);
    assertThat(trained).isNotEmpty();
  }

  @Test
  void ratedTextsAreDrawnInPairs() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      lines.add("{\"text\": \"film %d of %d\", \"rating\": %d}".formatted(i, i % 11, i % 11));
    }
    lines.add("{\"text\": \"no stars\"}");
    Path file = Files.write(directory.resolve("rated.jsonl"), lines);
    List<RewardPair> pairs = read(rated(file, 2, 4, 0.25), 0.2);
    assertThat(pairs).isEqualTo(read(rated(file, 2, 4, 0.25), 0.2));
    assertThat(faults.counts()).isEqualTo(Map.of("no-rating", 2));
    assertThat(pairs).hasSizeBetween(580, 600);
    Set<String> heldOut = new HashSet<>();
    Set<String> trained = new HashSet<>();
    for (RewardPair pair : pairs) {
      int gap = stars(pair.chosen()) - stars(pair.rejected());
      assertThat(gap).isGreaterThanOrEqualTo(4);
      assertThat(pair.margin()).isEqualTo(gap * 0.25);
      (pair.heldOut() ? heldOut : trained).addAll(List.of(pair.chosen(), pair.rejected()));
    }
    assertThat(heldOut).hasSizeBetween(30, 90).doesNotContainAnyElementsOf(trained);
  }

  private static int stars(String text) {
    return Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1));
  }

  private RewardPair pair(List<ChatMessage> prompt, String chosen, String rejected) {
    return new RewardPair("it", prompt, chosen, rejected, 0, false);
  }

  private List<Encoded> encode(int longest, RewardPair... pairs) throws IOException {
    Path model = directory.resolve("model");
    if (!Files.exists(model)) {
      TinyCheckpoint.write(model);
    }
    try (HuggingFaceModel stored = HuggingFaceModel.open(model)) {
      return RewardEncoder.of(stored).encode(List.of(pairs), longest, faults);
    }
  }

  @Test
  void aConversationEndsWithTheTokenThatEndsTheAnswer() throws IOException {
    List<ChatMessage> prompt = List.of(ChatMessage.user("the sea"));
    PairTokens tokens = encode(100, pair(prompt, "wide", "is deep")).getFirst().tokens();
    BytePairTokenizer tokenizer = TinyCheckpoint.tokenizer();
    AnswerTokens chosen = tokens.chosen();
    assertThat(tokenizer.decode(chosen.ids(), false))
        .isEqualTo("<|im_start|>user\nthe sea<|im_end|>\n<|im_start|>assistant\nwide<|im_end|>");
    int[] answer = java.util.Arrays.copyOfRange(chosen.ids(), chosen.answered(), chosen.length());
    assertThat(tokenizer.decode(answer, false)).isEqualTo("wide<|im_end|>");
  }

  @Test
  void aTextThatStandsForItselfIsADocument() throws IOException {
    PairTokens tokens = encode(100, pair(List.of(), "바다", "the sea")).getFirst().tokens();
    assertThat(TinyCheckpoint.tokenizer().decode(tokens.chosen().ids(), false))
        .isEqualTo("<|begin_of_text|>바다<|end_of_text|>");
    assertThat(tokens.chosen().answered()).isEqualTo(1);
  }

  @Test
  void pairsThatCannotBeUsedAreCountedByReason() throws IOException {
    assertThat(
            encode(
                12,
                pair(List.of(), "sea", "  "),
                pair(List.of(), "sea", "sea"),
                pair(List.of(), "sea", "a <|im_end|> b"),
                pair(List.of(ChatMessage.user("<|im_start|>")), "sea", "child"),
                pair(List.of(), "sea", "the child sees the sea and is glad of the sea, qqqq"),
                pair(List.of(), "sea", "glad")))
        .hasSize(1);
    assertThat(faults.counts())
        .isEqualTo(
            Map.of(
                "empty-answer", 1,
                "chosen-equals-rejected", 1,
                "special-token-in-text", 2,
                "too-long", 1));
  }

  @Test
  void aPromptNeedsATemplate() throws IOException {
    encode(10);
    BytePairTokenizer tokenizer = TinyCheckpoint.tokenizer();
    Files.delete(directory.resolve("model/chat_template.jinja"));
    Tokenizers.save(tokenizer, TokenizerConfig.of(tokenizer), directory.resolve("model"));
    assertThatThrownBy(() -> encode(50, pair(List.of(ChatMessage.user("sea")), "a", "b")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("model: ")
        .hasMessageContaining("has no chat template");
  }
}
