package io.kanana.core.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.KananaException;
import io.kanana.core.golden.Golden;
import io.kanana.core.tokenizer.Tokenizer;
import io.kanana.core.tokenizer.Tokenizers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Renderings with their tokens and masks, expressions and attacks, with the values of Hugging
 * Face's own renderer and tokenizer.
 */
@Tag("golden")
class TemplateGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Clock NOON = clock("2026-03-05T12:00:00");

  @TestFactory
  Stream<DynamicTest> renderings() throws IOException {
    Tokenizer tokenizer = Tokenizers.load(Golden.folder("tokenizer"));
    return cases("cases").map(golden -> test(golden, () -> checkRendering(golden, tokenizer)));
  }

  @TestFactory
  Stream<DynamicTest> expressions() throws IOException {
    return cases("expressions").map(golden -> test(golden, () -> checkExpression(golden)));
  }

  @TestFactory
  Stream<DynamicTest> attacks() throws IOException {
    return cases("attacks").map(golden -> test(golden, () -> checkAttack(golden)));
  }

  private static DynamicTest test(
      JsonNode golden, org.junit.jupiter.api.function.Executable check) {
    return DynamicTest.dynamicTest(golden.get("id").asText(), check);
  }

  private static Path folder() {
    Path folder = Path.of(System.getProperty("kanana.golden", "../../shared/golden"), "templates");
    assumeTrue(Files.isDirectory(folder), "no golden values at " + folder);
    return folder;
  }

  private static Stream<JsonNode> cases(String name) throws IOException {
    Path plain = folder().resolve(name + ".jsonl");
    Path packed = folder().resolve(name + ".jsonl.gz");
    assumeTrue(Files.exists(plain) || Files.exists(packed), "no golden values at " + plain);
    byte[] bytes;
    try (InputStream in =
        Files.exists(plain)
            ? Files.newInputStream(plain)
            : new GZIPInputStream(Files.newInputStream(packed))) {
      bytes = in.readAllBytes();
    }
    List<JsonNode> cases = new ArrayList<>();
    for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
      cases.add(JSON.readTree(line));
    }
    return cases.stream();
  }

  private static Clock clock(String now) {
    return Clock.fixed(LocalDateTime.parse(now).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
  }

  private static Map<String, Object> fields(JsonNode object) {
    Map<String, Object> fields = new LinkedHashMap<>();
    object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    return fields;
  }

  private static void checkRendering(JsonNode golden, Tokenizer tokenizer) throws IOException {
    Path file = folder().resolve(golden.get("template").asText());
    ChatTemplate template = ChatTemplate.parse(file.toString(), Files.readString(file));
    List<JsonNode> messages = new ArrayList<>();
    golden.get("messages").forEach(messages::add);
    RenderOptions options =
        RenderOptions.at(clock(golden.get("now").asText()))
            .withGenerationPrompt(golden.get("add_generation_prompt").asBoolean())
            .withSpecialTokens("<|begin_of_text|>", "<|end_of_text|>")
            .withTools(golden.get("tools"))
            .withVariables(fields(golden.get("kwargs")));
    if (golden.has("error")) {
      checkError(golden, () -> template.render(messages, options));
      return;
    }
    Rendered rendered = template.render(messages, options);
    assertThat(rendered.text()).isEqualTo(golden.get("rendered").asText());
    assertThat(ChatTokens.prompt(rendered, tokenizer)).isEqualTo(Golden.ints(golden.get("ids")));
    if (golden.has("generation_spans")) {
      assertThat(codePoints(rendered)).isEqualTo(spans(golden.get("generation_spans")));
    }
    if (golden.has("assistant_mask")) {
      ChatTokens tokens = ChatTokens.of(rendered, tokenizer);
      assertThat(tokens.ids()).isEqualTo(Golden.ints(golden.get("ids")));
      assertThat(mask(tokens)).isEqualTo(Golden.ints(golden.get("assistant_mask")));
    }
  }

  private static int[] mask(ChatTokens tokens) {
    int[] mask = new int[tokens.ids().length];
    Arrays.setAll(mask, i -> tokens.assistant()[i] ? 1 : 0);
    return mask;
  }

  private static List<List<Integer>> codePoints(Rendered rendered) {
    return rendered.assistant().stream()
        .map(
            span ->
                List.of(
                    rendered.text().codePointCount(0, span.start()),
                    rendered.text().codePointCount(0, span.end())))
        .toList();
  }

  private static List<List<Integer>> spans(JsonNode golden) {
    List<List<Integer>> spans = new ArrayList<>();
    golden.forEach(span -> spans.add(List.of(span.get(0).asInt(), span.get(1).asInt())));
    return spans;
  }

  private static void checkExpression(JsonNode golden) {
    RenderOptions options = RenderOptions.at(clock(golden.get("now").asText()));
    Map<String, Object> names = fields(golden.get("context"));
    if (golden.has("error")) {
      checkError(golden, () -> render(golden, names, options));
    } else if (golden.has("unstable")) {
      try {
        assertThat(render(golden, names, options)).isNotNull();
      } catch (KananaException e) {
        assertThat(e).hasMessageNotContaining("java.");
      }
    } else {
      assertThat(render(golden, names, options)).isEqualTo(golden.get("rendered").asText());
    }
  }

  private static String render(JsonNode golden, Map<String, Object> names, RenderOptions options) {
    String source = golden.get("source").asText();
    return ChatTemplate.parse("case", source).render(names, options).text();
  }

  private static void checkError(
      JsonNode golden, org.assertj.core.api.ThrowableAssert.ThrowingCallable rendering) {
    JsonNode error = golden.get("error");
    if (error.get("exact").asBoolean()) {
      assertThat(org.assertj.core.api.Assertions.catchThrowable(rendering))
          .isInstanceOf(KananaException.class)
          .cause()
          .isInstanceOf(Refusal.class)
          .hasMessage(error.get("message").asText());
    } else {
      assertThat(org.assertj.core.api.Assertions.catchThrowable(rendering))
          .isInstanceOf(KananaException.class);
    }
  }

  private static void checkAttack(JsonNode golden) {
    JsonNode same = golden.get("transformers").get("text");
    String text;
    try {
      Map<String, Object> names =
          Map.of("messages", List.of(Map.of("role", "user", "content", "안녕")));
      text = render(golden, names, RenderOptions.at(NOON));
    } catch (KananaException e) {
      assertThat(golden.get("required").asText()).isNotEqualTo("same");
      assertThat(e).hasMessageNotContainingAny("java.", "io.kanana", "jdk.");
      return;
    }
    switch (golden.get("required").asText()) {
      case "same", "refuse-or-same" -> assertThat(text).isEqualTo(same.asText());
      case "refuse-or-empty" -> assertThat(text).isEmpty();
      default -> fail("rendered as '" + text.substring(0, Math.min(80, text.length())) + "'");
    }
  }
}
