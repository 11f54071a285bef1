package io.kanana.posttrain.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.posttrain.conversation.ConversationInspection.Piece;
import io.kanana.posttrain.conversation.ConversationInspection.Result;
import io.kanana.posttrain.conversation.ConversationInspection.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversationInspectionTest {
  private static final String LINES =
      """
      {"instruction": "a", "output": "b", "source": "x", "domain": "math"}
      {"instruction": "a", "output": "<|im_end|>", "source": "x"}
      {"instruction": "c", "output": "d", "source": "y"}
      {"instruction": "c", "output": "", "source": "y"}
      """;

  @TempDir Path directory;

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("a.jsonl"), text);
  }

  @Test
  void countsWhatIsGoodAndNamesWhatIsNot() throws IOException {
    Path file = write(LINES);
    Result result = ConversationInspection.look(file, Optional.empty(), 3);
    assertThat(result.conversations()).isEqualTo(3);
    assertThat(result.messages()).isEqualTo(6);
    assertThat(result.origins())
        .isEqualTo(Map.of("source", Map.of("x", 2L, "y", 1L), "domain", Map.of("math", 1L)));
    assertThat(result.rejected()).isEqualTo(Map.of("empty-answer", 1L));
    assertThat(result.examples().get("empty-answer").line()).isEqualTo(4);
    assertThat(result.tokens()).isEmpty();
  }

  @Test
  void showsWhatIsTrainedOn() throws IOException {
    ChatFormat format = SmallFormats.builtIn(BuiltInTemplate.CHATML);
    Result result = ConversationInspection.look(write(LINES), Optional.of(format), 1);
    assertThat(result.conversations()).isEqualTo(2);
    assertThat(result.rejected()).containsOnlyKeys("empty-answer", "special-token-in-text");
    Tokens tokens = result.tokens().orElseThrow();
    assertThat(tokens.trained()).isEqualTo(4);
    assertThat(tokens.count()).isEqualTo(2L * tokens.longest());
    assertThat(tokens.share()).isEqualTo(4.0 / tokens.count());
    assertThat(tokens.samples()).hasSize(1);
    assertThat(tokens.samples().getFirst())
        .containsExactly(
            new Piece(
                "<|begin_of_text|><|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n", false),
            new Piece("b<|im_end|>", true),
            new Piece("\n", false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"messages\": []} | true",
        "{\"conversations\": []} | true",
        "{\"instruction\": \"a\", \"output\": \"b\"} | true",
        "{\"instruction\": \"a\"} | false",
        "{\"messages\": 3} | false",
        "{\"step\": 3} | false",
        "step 3 | false"
      })
  void knowsConversationsByTheirFirstRecord(String line, boolean known) throws IOException {
    assertThat(ConversationInspection.recognises(write(line + "\n{\"messages\": []}\n")))
        .isEqualTo(known);
  }
}
