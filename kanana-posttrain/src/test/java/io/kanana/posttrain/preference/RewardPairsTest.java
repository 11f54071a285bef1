package io.kanana.posttrain.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.TinyCheckpoint;
import io.kanana.core.error.ConfigException;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.TokenizerConfig;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.data.document.FilesConfig.OnCorruptFile;
import io.kanana.data.document.QuarantineLog;
import io.kanana.data.shard.HeldOut;
import io.kanana.posttrain.conversation.BadConversationException;
import io.kanana.posttrain.conversation.Conversation;
import io.kanana.posttrain.conversation.Message;
import io.kanana.posttrain.conversation.Origin;
import io.kanana.posttrain.conversation.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pairs from files to tokens. */
class RewardPairsTest {
  @TempDir Path directory;
  private QuarantineLog quarantine;

  @BeforeEach
  void open() {
    quarantine = new QuarantineLog(directory.resolve("quarantine.jsonl"));
  }

  @AfterEach
  void close() {
    quarantine.close();
  }

  private Path file(String... lines) throws IOException {
    return Files.write(directory.resolve("pairs.jsonl"), List.of(lines));
  }

  private List<RewardPair> read(RewardPairs.Config config, double share) {
    List<RewardPair> pairs = new ArrayList<>();
    config.create().read(RandomKey.of(3), new HeldOut(share), quarantine, pairs::add);
    return pairs;
  }

  private static RewardPreferences preferences(Path file) {
    return new RewardPreferences(
        List.of(new PreferenceFiles(file.toString(), OnCorruptFile.STOP, 1 << 20)));
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
    List<RewardPair> pairs = read(preferences(file), 0.5);
    assertThat(pairs).hasSize(2);
    assertThat(pairs.getFirst().margin()).isEqualTo(0.5);
    assertThat(prompt(pairs.getFirst())).containsExactly(Message.of(Role.USER, "hi"));
    assertThat(prompt(pairs.getLast())).hasSize(3);
    assertThat(quarantine.counts())
        .containsAllEntriesOf(Map.of("answer-missing", 2L, "margin-not-a-number", 1L))
        .hasSizeGreaterThan(3);
    assertThat(quarantine.counts().values().stream().mapToLong(count -> count).sum()).isEqualTo(6);
    quarantine.close();
    assertThat(Files.readAllLines(directory.resolve("quarantine.jsonl")))
        .anyMatch(line -> line.contains("pairs.jsonl\",\"line\":3,"));
  }

  private static List<Message> prompt(RewardPair pair) {
    return pair.conversations().orElseThrow().prompt();
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
    List<RewardPair> pairs = read(preferences(file), 0.3);
    Set<Message> heldOut = new HashSet<>();
    Set<Message> trained = new HashSet<>();
    pairs.forEach(p -> (p.heldOut() ? heldOut : trained).add(prompt(p).getFirst()));
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
    assertThat(quarantine.counts()).isEqualTo(Map.of("no-rating", 2L));
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

  private static RewardPair plain(String chosen, String rejected) {
    return new RewardPair(Optional.empty(), chosen, rejected, 0, false);
  }

  private static RewardPair answers(String prompt, String chosen, String rejected)
      throws BadConversationException {
    return RewardPair.of(
        new PreferencePair(conversation(prompt, chosen), conversation(prompt, rejected), 0), false);
  }

  private static Conversation conversation(String prompt, String answer)
      throws BadConversationException {
    return Conversation.of(
        List.of(Message.of(Role.USER, prompt), Message.of(Role.ASSISTANT, answer)),
        List.of(),
        Origin.UNKNOWN);
  }

  private PairTokens encode(int longest, RewardPair pair)
      throws IOException, BadConversationException {
    return encode(new PairLimits(longest, 100), pair);
  }

  private PairTokens encode(PairLimits limits, RewardPair pair)
      throws IOException, BadConversationException {
    Path model = directory.resolve("model");
    if (!Files.exists(model)) {
      TinyCheckpoint.write(model);
    }
    try (HuggingFaceModel stored = HuggingFaceModel.open(model)) {
      return new RewardEncoder(stored, Optional.empty()).encode(pair, limits);
    }
  }

  @Test
  void aConversationEndsWithTheTokenThatEndsTheAnswer() throws Exception {
    PairTokens tokens = encode(100, answers("the sea", "wide", "is deep"));
    BytePairTokenizer tokenizer = TinyCheckpoint.tokenizer();
    AnswerTokens chosen = tokens.chosen();
    assertThat(tokenizer.decode(chosen.ids(), false))
        .isEqualTo("<|im_start|>user\nthe sea<|im_end|>\n<|im_start|>assistant\nwide<|im_end|>");
    int[] answer = Arrays.copyOfRange(chosen.ids(), chosen.answered(), chosen.length());
    assertThat(tokenizer.decode(answer, false)).isEqualTo("wide<|im_end|>");
  }

  @Test
  void aTextThatStandsForItselfIsADocument() throws Exception {
    PairTokens tokens = encode(100, plain("바다", "the sea"));
    assertThat(TinyCheckpoint.tokenizer().decode(tokens.chosen().ids(), false))
        .isEqualTo("<|begin_of_text|>바다<|end_of_text|>");
    assertThat(tokens.chosen().answered()).isEqualTo(1);
  }

  @Test
  void pairsThatCannotBeUsedAreNamed() throws Exception {
    refused("empty-answer", plain("sea", "  "));
    refused("chosen-equals-rejected", plain("sea", "sea"));
    refused("special-token-in-text", plain("sea", "a <|im_end|> b"));
    refused("special-token-in-text", answers("<|im_start|>", "sea", "child"));
    refused("longer-than-a-row", plain("sea", "the child sees the sea and is glad of it, qqqq"));
    assertThat(encode(16, plain("sea", "glad")).length()).isLessThanOrEqualTo(16);
  }

  @Test
  void anAnswerIsNoLongerThanTheContextWhateverTheRow() throws Exception {
    RewardPair pair = plain("sea", "the child sees the sea");
    int longer = encode(100, pair).rejected().length();
    assertThat(encode(new PairLimits(100, longer), pair).rejected().length()).isEqualTo(longer);
    assertThatThrownBy(() -> encode(new PairLimits(100, longer - 1), pair))
        .isInstanceOfSatisfying(
            BadConversationException.class,
            e -> assertThat(e.reason()).isEqualTo("longer-than-the-context"));
  }

  private void refused(String reason, RewardPair pair) {
    assertThatThrownBy(() -> encode(16, pair))
        .isInstanceOfSatisfying(
            BadConversationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void aPromptNeedsATemplate() throws Exception {
    encode(16, plain("sea", "glad"));
    BytePairTokenizer tokenizer = TinyCheckpoint.tokenizer();
    Files.delete(directory.resolve("model/chat_template.jinja"));
    Tokenizers.save(tokenizer, TokenizerConfig.of(tokenizer), directory.resolve("model"));
    assertThatThrownBy(() -> encode(50, answers("sea", "a", "b")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("has no chat template");
    encode(16, plain("sea", "glad"));
  }
}
