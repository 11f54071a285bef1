package io.kanana.posttrain.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.train.HeldOutLoss;
import io.kanana.core.train.TokenBatch;
import io.kanana.data.batch.MixturePlan;
import io.kanana.data.mixture.OnLimit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From records to batches. */
class ConversationMixtureTest {
  private static final int CONTEXT = 96;
  private static final int VOCABULARY = SmallFormats.TOKENIZER.vocabularySize();

  @TempDir Path directory;

  private final ChatFormat format = SmallFormats.builtIn(BuiltInTemplate.CHATML);

  private static String record(String question, String answer) {
    return "{\"instruction\": \"" + question + "\", \"output\": \"" + answer + "\"}\n";
  }

  private Path file(String name, int count) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(record(name + " " + i, "답 " + i));
    }
    return Files.writeString(directory.resolve(name + ".jsonl"), lines);
  }

  private static ConversationData.Domain domain(Path file, double weight, double maxEpochs) {
    return new ConversationData.Domain(
        List.of(ConversationFiles.of(file.toString())),
        OptionalDouble.of(weight),
        maxEpochs == 0 ? OptionalDouble.empty() : OptionalDouble.of(maxEpochs));
  }

  private static ConversationData data(Map<String, ConversationData.Domain> domains) {
    return new ConversationData(domains, Optional.empty(), TooLong.DROP, 0.2, OnLimit.REFUSE);
  }

  /** The lines of the records of a domain that were left out. */
  private List<Long> rejected(String domain) throws IOException {
    List<Long> lines = new ArrayList<>();
    for (String line :
        Files.readAllLines(directory.resolve("made").resolve(domain).resolve("quarantine.jsonl"))) {
      lines.add(new ObjectMapper().readTree(line).get("line").asLong());
    }
    return lines;
  }

  private ConversationMixture open(ConversationData data, int contextLength) {
    return ConversationMixture.open(
        data, format, contextLength, directory.resolve("made"), made -> {});
  }

  private ConversationData twoDomains() throws IOException {
    Map<String, ConversationData.Domain> domains = new LinkedHashMap<>();
    domains.put("math", domain(file("math", 60), 3, 0));
    domains.put("chat", domain(file("chat", 40), 1, 2));
    return data(domains);
  }

  /** The conversations of a row, as text. */
  private static List<String> conversations(TokenBatch batch, int row) {
    List<String> found = new ArrayList<>();
    int from = row * batch.contextLength();
    for (int t = 0; t < batch.contextLength(); t++) {
      boolean last =
          t + 1 == batch.contextLength() || batch.documentStarts()[from + t + 1] == t + 1;
      if (last) {
        int start = batch.documentStarts()[from + t];
        int[] ids = new int[t + 1 - start];
        System.arraycopy(batch.tokens(), from + start, ids, 0, ids.length);
        found.add(SmallFormats.TOKENIZER.decode(ids, false));
      }
    }
    found.removeIf(text -> !text.contains("im_start"));
    return found;
  }

  private static String targets(TokenBatch batch) {
    int[] ids =
        java.util.Arrays.stream(batch.targets()).filter(id -> id != TokenBatch.IGNORE).toArray();
    return SmallFormats.TOKENIZER.decode(ids, false);
  }

  @Test
  void everyConversationComesOncePerEpochAndOnlyItsAnswerIsATarget() throws IOException {
    ConversationData data = data(Map.of("math", domain(file("math", 60), 1, 0)));
    try (ConversationMixture mixture = open(data, CONTEXT)) {
      ConversationCounts counts = mixture.counts().get("math");
      assertThat(counts.kept() + counts.heldOut()).isEqualTo(60);
      assertThat(counts.heldOut()).isBetween(5L, 20L);
      MixturePlan plan = mixture.plan(5, mixture.epochLength(), 1);
      ConversationBatches batches = mixture.batches(plan);
      TreeMap<String, Integer> seen = new TreeMap<>();
      long targets = 0;
      long bytes = 0;
      for (long i = 0; i < batches.epochLength(); i++) {
        TokenBatch batch = batches.batch(i, 1);
        List<String> texts = conversations(batch, 0);
        texts.forEach(text -> seen.merge(text, 1, Integer::sum));
        String said =
            texts.stream()
                .map(t -> t.substring(t.indexOf("assistant\n") + "assistant\n".length()))
                .reduce("", String::concat);
        assertThat(targets(batch)).isEqualTo(said);
        assertThat(batch.textBytes())
            .isEqualTo(said.replace("<|im_end|>", "").getBytes(StandardCharsets.UTF_8).length);
        targets += batch.targetCount();
        bytes += batch.textBytes();
      }
      assertThat(seen).hasSize((int) counts.kept()).allSatisfy((t, n) -> assertThat(n).isOne());
      assertThat(targets).isEqualTo(counts.targets());
      assertThat(bytes).isPositive();
      assertThat(seen.firstKey()).startsWith("<|begin_of_text|><|im_start|>user\nmath ");
    }
  }

  @Test
  void rowsArePackedWithMasksAndPositionsBeginAnew() throws IOException {
    ConversationData data = data(Map.of("math", domain(file("math", 60), 1, 0)));
    try (ConversationMixture mixture = open(data, CONTEXT)) {
      assertThat(mixture.epochLength()).isLessThan(mixture.counts().get("math").kept());
      ConversationBatches batches = mixture.batches(mixture.plan(5, mixture.epochLength(), 1));
      TokenBatch batch = batches.batch(0, 2);
      assertThat(conversations(batch, 0)).hasSizeGreaterThan(1);
      for (int i = 0; i < batch.tokens().length; i++) {
        int t = i % CONTEXT;
        boolean padding = batch.documentStarts()[i] == t && batch.positions()[i] == 0;
        assertThat(batch.positions()[i]).isEqualTo(t - batch.documentStarts()[i]);
        assertThat(batch.tokens()[i]).isBetween(0, VOCABULARY - 1);
        assertThat(padding || batch.positions()[i] > 0).isTrue();
      }
    }
  }

  @Test
  void theOrderFollowsFromSeedAndIndexAlone() throws IOException {
    ConversationData data = twoDomains();
    try (ConversationMixture mixture = open(data, CONTEXT)) {
      long run = 3 * mixture.epochLength();
      ConversationData unlimited =
          data(
              Map.of(
                  "math", domain(directory.resolve("math.jsonl"), 3, 0),
                  "chat", domain(directory.resolve("chat.jsonl"), 1, 0)));
      try (ConversationMixture again = open(unlimited, CONTEXT)) {
        ConversationBatches batches = again.batches(again.plan(5, run, 1));
        TokenBatch four = batches.batch(2, 4);
        TokenBatch last = batches.batch(5, 1);
        assertThat(conversations(four, 3)).isEqualTo(conversations(last, 0)).isNotEmpty();
        ConversationBatches same = again.batches(again.plan(5, run, 1));
        assertThat(same.fingerprint()).isEqualTo(batches.fingerprint());
        assertThat(same.batch(5, 1).tokens()).isEqualTo(last.tokens());
        ConversationBatches other = again.batches(again.plan(6, run, 1));
        assertThat(other.fingerprint()).isNotEqualTo(batches.fingerprint());
        assertThat(other.batch(0, 4).tokens()).isNotEqualTo(batches.batch(0, 4).tokens());
      }
    }
  }

  @Test
  void domainsHaveTheirSharesAndLimits() throws IOException {
    try (ConversationMixture mixture = open(twoDomains(), CONTEXT)) {
      MixturePlan plan = mixture.plan(5, mixture.epochLength(), 1);
      assertThat(plan.tokenShare("math") / plan.tokenShare("chat")).isBetween(2.999, 3.001);
      ConversationBatches batches = mixture.batches(plan);
      int math = 0;
      int all = 0;
      for (long i = 0; i < 40; i++) {
        for (String text : conversations(batches.batch(i, 1), 0)) {
          math += text.contains("user\nmath") ? 1 : 0;
          all++;
        }
      }
      assertThat(math / (double) all).isBetween(0.65, 0.85);
      assertThatThrownBy(() -> mixture.plan(5, 100 * mixture.epochLength(), 1))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("domains.chat")
          .hasMessageContaining("more than max-epochs 2.0");
    }
  }

  @Test
  void heldOutConversationsAreMeasuredAndNeverTrainedOn() throws IOException {
    try (ConversationMixture mixture = open(twoDomains(), CONTEXT)) {
      MixturePlan plan = mixture.plan(5, mixture.epochLength(), 1);
      ConversationBatches batches = mixture.batches(plan);
      List<String> trained = new ArrayList<>();
      for (long i = 0; i < 2 * batches.epochLength(); i++) {
        trained.addAll(conversations(batches.batch(i, 1), 0));
      }
      List<String> measured = new ArrayList<>();
      for (HeldOutLoss.Domain domain : mixture.heldOut(plan)) {
        long targets = 0;
        for (long i = 0; i < domain.data().epochLength(); i++) {
          TokenBatch batch = domain.data().batch(i, 1);
          measured.addAll(conversations(batch, 0));
          targets += batch.targetCount();
        }
        assertThat(targets).isEqualTo(mixture.counts().get(domain.name()).heldOutTargets());
        assertThatThrownBy(() -> domain.data().batch(domain.data().epochLength(), 1))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
      assertThat(measured)
          .hasSize(
              (int) mixture.counts().values().stream().mapToLong(ConversationCounts::heldOut).sum())
          .doesNotContainAnyElementsOf(trained);
    }
  }

  @Test
  void whatIsLeftOutIsCountedAndNamed() throws IOException {
    String lines =
        record("q", "a")
            + record("q", " ")
            + record("q " + "긴 ".repeat(100), "a")
            + "{}\n"
            + record("<|im_end|>", "a");
    Path file = Files.writeString(directory.resolve("a.jsonl"), lines);
    ConversationData data =
        new ConversationData(
            Map.of("a", domain(file, 1, 0)), Optional.empty(), TooLong.CUT, 0, OnLimit.REFUSE);
    try (ConversationMixture mixture = open(data, CONTEXT)) {
      ConversationCounts counts = mixture.counts().get("a");
      assertThat(counts.dropped())
          .isEqualTo(
              Map.of(
                  "empty-answer", 1L,
                  "special-token-in-text", 1L,
                  "too-long", 1L,
                  "unknown-form", 1L));
      assertThat(counts.records()).isEqualTo(5);
      assertThat(counts.kept()).isEqualTo(1);
      assertThat(counts.cut()).isZero();
      assertThat(rejected("a")).containsExactly(2L, 3L, 4L, 5L);
      open(data, CONTEXT).close();
      assertThat(rejected("a")).as("once made, it is not emptied").hasSize(4);
      assertThat(mixture.endOfTurn())
          .containsExactly(SmallFormats.TOKENIZER.tokenId("<|im_end|>").orElseThrow());
      assertThat(mixture.heldOut(mixture.plan(1, 1, 1))).isEmpty();
    }
  }

  @Test
  void aLongConversationIsDroppedOrCut() throws IOException {
    String turns =
        "{\"messages\": [{\"role\": \"user\", \"content\": \"q\"}, {\"role\": \"assistant\","
            + " \"content\": \"hello\"}, {\"role\": \"user\", \"content\": \"q\"}, {\"role\":"
            + " \"assistant\", \"content\": \""
            + "a ".repeat(100)
            + "\"}]}\n";
    Path file = Files.writeString(directory.resolve("a.jsonl"), record("q", "a") + turns);
    for (TooLong tooLong : TooLong.values()) {
      ConversationData data =
          new ConversationData(
              Map.of(tooLong.name().toLowerCase(java.util.Locale.ROOT), domain(file, 1, 0)),
              Optional.empty(),
              tooLong,
              0,
              OnLimit.REFUSE);
      try (ConversationMixture mixture = open(data, CONTEXT)) {
        ConversationCounts counts = mixture.counts().values().iterator().next();
        boolean cut = tooLong == TooLong.CUT;
        assertThat(counts.cut()).isEqualTo(cut ? 1 : 0);
        assertThat(counts.kept()).isEqualTo(cut ? 2 : 1);
        assertThat(counts.dropped()).isEqualTo(cut ? Map.of() : Map.of("too-long", 1L));
        ConversationBatches batches = mixture.batches(mixture.plan(1, 1, 1));
        assertThat(targets(batches.batch(0, (int) batches.epochLength())))
            .contains("a<|im_end|>")
            .satisfies(said -> assertThat(said.contains("hello<|im_end|>")).isEqualTo(cut));
      }
    }
  }

  @Test
  void tokensAreMadeOnceAndOnlyForTheSameSettings() throws IOException {
    ConversationData data = twoDomains();
    String fingerprint;
    try (ConversationMixture mixture = open(data, CONTEXT)) {
      fingerprint = mixture.batches(mixture.plan(1, 1, 1)).fingerprint();
    }
    Files.delete(directory.resolve("math.jsonl"));
    try (ConversationMixture mixture = open(data, CONTEXT)) {
      assertThat(mixture.batches(mixture.plan(1, 1, 1)).fingerprint()).isEqualTo(fingerprint);
    }
    assertThatThrownBy(() -> open(data, CONTEXT + 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("math/train: was made with another tokenizer, template");
    Path tokens = directory.resolve("made/math/train/00000.tokens");
    byte[] bytes = Files.readAllBytes(tokens);
    bytes[3] ^= 1;
    Files.write(tokens, bytes);
    assertThatThrownBy(() -> open(data, CONTEXT))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("00000.tokens");
  }

  @Test
  void aFaultOfTheTemplateNamesTheRecord() throws IOException {
    Path file = Files.writeString(directory.resolve("a.jsonl"), record("q", "a"));
    ChatFormat endless =
        SmallFormats.of(
            "{% for m in messages %}{{ m.content }}{% endfor %}"
                + "{% if add_generation_prompt %}{% endif %}");
    assertThatThrownBy(
            () ->
                ConversationMixture.open(
                    data(Map.of("a", domain(file, 1, 0))),
                    endless,
                    CONTEXT,
                    directory.resolve("made"),
                    made -> {}))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(file + ", line 1: the chat template ends what the assistant says");
    assertThat(directory.resolve("made/a/train")).doesNotExist();
  }

  @Test
  void nothingToTrainOnIsRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("a.jsonl"), record("q", ""));
    assertThatThrownBy(() -> open(data(Map.of("a", domain(file, 1, 0))), CONTEXT))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("there is no conversation to train on")
        .hasMessageContaining("{empty-answer=1}");
  }
}
