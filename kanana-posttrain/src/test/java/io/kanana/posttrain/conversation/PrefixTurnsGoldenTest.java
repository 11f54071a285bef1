package io.kanana.posttrain.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.golden.Golden;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.TokenizerConfig;
import io.kanana.core.tokenizer.Tokenizers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Masks of transformers: with the marks of the template, and found from the tree of messages after
 * the marks were taken out of it.
 */
@Tag("golden")
class PrefixTurnsGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TEMPLATE = "jinja/generation-mask.jinja";

  private final Path folder = Golden.folder("templates");
  private final BytePairTokenizer tokenizer = Tokenizers.load(Golden.folder("tokenizer"));
  private final TokenizerConfig config = TokenizerConfig.of(tokenizer);

  private List<JsonNode> cases() throws IOException {
    return cases(
        golden -> golden.get("template").asText().equals(TEMPLATE) && golden.has("assistant_mask"));
  }

  private List<JsonNode> cases(Predicate<JsonNode> wanted) throws IOException {
    Path file = folder.resolve("cases.jsonl.gz");
    assumeTrue(Files.exists(file), "no golden values at " + file);
    List<JsonNode> found = new ArrayList<>();
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        JsonNode golden = JSON.readTree(line);
        if (wanted.test(golden) && !golden.get("add_generation_prompt").asBoolean()) {
          found.add(golden);
        }
      }
    }
    return found;
  }

  /**
   * Empty where the case, which is one of templates, is no conversation by our rules, or one in
   * which the assistant says nothing.
   */
  private static Optional<Conversation> conversation(JsonNode golden) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("messages", JSON.convertValue(golden.get("messages"), List.class));
    record.put("tools", JSON.convertValue(golden.get("tools"), List.class));
    try {
      return Optional.of(RecordForm.MESSAGES.parse(record))
          .filter(read -> read.messages().stream().anyMatch(m -> m.role() == Role.ASSISTANT));
    } catch (BadConversationException _) {
      return Optional.empty();
    }
  }

  private static int[] mask(ConversationTokens tokens) {
    int[] mask = new int[tokens.ids().length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = tokens.trained()[i] ? 1 : 0;
    }
    return mask;
  }

  @Test
  void bothWaysGiveTheMaskOfTransformers() throws IOException, BadConversationException {
    String template = Files.readString(folder.resolve(TEMPLATE));
    ChatFormat marked = ChatFormat.of("marked", template, tokenizer, config);
    ChatFormat bare = ChatFormat.of("bare", SmallFormats.unmarked(template), tokenizer, config);
    int compared = 0;
    for (JsonNode golden : cases()) {
      Optional<Conversation> conversation = conversation(golden);
      if (conversation.isPresent() && !spellsASpecialToken(golden)) {
        for (ChatFormat format : List.of(marked, bare)) {
          ConversationTokens tokens = format.tokens(conversation.get());
          assertThat(tokens.ids()).isEqualTo(Golden.ints(golden.get("ids")));
          assertThat(mask(tokens)).isEqualTo(Golden.ints(golden.get("assistant_mask")));
        }
        compared++;
      }
    }
    assertThat(compared).as("cases that are conversations").isPositive();
  }

  /**
   * Templates without marks: as many turns as the assistant has messages, each with what it says
   * and a special token at its end; or a refusal, for templates that write a turn otherwise when
   * more follow.
   */
  @Test
  void turnsOfOtherTemplatesHoldWhatTheAssistantSays() throws IOException {
    Map<String, Integer> found = new TreeMap<>();
    Map<String, Integer> refused = new TreeMap<>();
    for (JsonNode golden : cases(PrefixTurnsGoldenTest::isPlain)) {
      String name = golden.get("template").asText();
      Optional<Conversation> conversation = conversation(golden);
      if (conversation.isPresent() && !spellsASpecialToken(golden)) {
        String template = Files.readString(folder.resolve(name));
        ChatFormat format = ChatFormat.of(name, template, tokenizer, config);
        try {
          check(conversation.get(), format.tokens(conversation.get()));
          found.merge(name, 1, Integer::sum);
        } catch (CheckpointException e) {
          assertThat(e).as(name).hasMessageContaining("has no generation block");
          refused.merge(name, 1, Integer::sum);
        } catch (BadConversationException e) {
          assertThat(e.reason()).as(name + ": " + e.detail()).isEqualTo("template-refuses");
        }
      }
    }
    assertThat(found)
        .as("templates whose turns were found; refused: " + refused)
        .hasSizeGreaterThan(1);
  }

  private static boolean isPlain(JsonNode golden) {
    return !golden.get("template").asText().equals(TEMPLATE)
        && !golden.has("error")
        && golden.get("kwargs").isEmpty();
  }

  private void check(Conversation conversation, ConversationTokens tokens) {
    List<Message> answers =
        conversation.messages().stream().filter(m -> m.role() == Role.ASSISTANT).toList();
    assertThat(tokens.turns()).hasSameSizeAs(answers);
    for (int i = 0; i < answers.size(); i++) {
      ConversationTokens.Turn turn = tokens.turns().get(i);
      int[] ids = Arrays.copyOfRange(tokens.ids(), turn.from(), turn.to());
      String said = tokenizer.decode(ids, false);
      assertThat(said).contains(answers.get(i).content().strip());
      assertThat(said).matches("(?s).*<\\|(im_end|reserved_\\d|end_of_text)\\|>");
      assertThat(said).doesNotContain("<|im_start|>");
    }
  }

  private static boolean spellsASpecialToken(JsonNode golden) {
    return golden.get("messages").toString().contains("<|");
  }
}
