package io.kanana.eval.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.golden.Golden;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How texts are joined and counted, against what lm-evaluation-harness makes of them. */
@Tag("golden")
class PromptTextsGoldenTest {
  private static JsonNode golden(String name) {
    JsonNode cases = Golden.json(Golden.folder("eval").resolve("metrics.json")).get(name);
    assertThat(cases).isNotEmpty();
    return cases;
  }

  @Test
  void textsAreJoinedWithADelimiterWhereOneIsNeeded() {
    for (JsonNode each : golden("maybe_delimit")) {
      assertThat(
              PromptBuilder.joined(
                  each.get("prefix").asText(""),
                  each.get("suffix").asText(""),
                  each.get("delimiter").asText()))
          .as(each.toString())
          .isEqualTo(each.get("result").asText());
    }
  }

  @Test
  void wordsAndBytesAreCounted() {
    for (JsonNode each : golden("words_and_bytes")) {
      String text = each.get("text").asText();
      assertThat(Map.of("words", YamlTask.words(text), "bytes", bytes(text)))
          .as(each.toString())
          .isEqualTo(
              Map.of("words", each.get("words").asInt(), "bytes", each.get("bytes").asInt()));
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
