package io.kanana.data.filter.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.golden.Golden;
import io.kanana.data.filter.language.LanguageIdentifier.Guess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A model that knows Korean, English and the rest, beside the scripts that need none. */
class FastTextIdentifierTest {
  private static final double CERTAIN = 0.9;
  private static final int LONG_ENOUGH = 40;

  private static List<JsonNode> cases(Path folder) throws IOException {
    List<JsonNode> cases = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(folder.resolve("cases.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        JsonNode found = new ObjectMapper().readTree(line);
        if (found.get("top2").has("lid.ftz")) {
          cases.add(found);
        }
      }
    }
    return cases;
  }

  @Test
  @Tag("golden")
  void aLanguageIsTheModelsLabel() throws IOException {
    Path folder = Golden.folder("fasttext");
    LanguageIdentifier identifier =
        new FastTextIdentifier.Config(folder.resolve("lid.ftz")).create();
    List<JsonNode> cases = cases(folder);
    assertThat(cases).hasSize(500);
    for (JsonNode line : cases) {
      JsonNode top = line.get("top2").get("lid.ftz");
      Guess guess = identifier.identify(line.get("text").asText());
      assertThat(guess.score()).isEqualTo(top.get(0).get(1).asDouble(), within(1e-4));
      if (top.get(0).get(1).asDouble() - top.get(1).get(1).asDouble() > 1e-4) {
        assertThat(guess.language()).as(line.toString()).isEqualTo(top.get(0).get(0).asText());
      }
    }
  }

  /** Where the model is certain and the line has something to tell by, the scripts say the same. */
  @Test
  @Tag("golden")
  void scriptsAgreeWithTheModel() throws IOException {
    LanguageIdentifier scripts = new ScriptIdentifier.Config().create();
    int certain = 0;
    int agree = 0;
    for (JsonNode line : cases(Golden.folder("fasttext"))) {
      JsonNode top = line.get("top2").get("lid").get(0);
      String text = line.get("text").asText();
      if (top.get(1).asDouble() > CERTAIN && text.length() >= LONG_ENOUGH) {
        String found = scripts.identify(text).language();
        String theirs = top.get(0).asText();
        certain++;
        agree +=
            theirs.equals("other")
                ? found.equals("ko") || found.equals("en") ? 0 : 1
                : found.equals(theirs) ? 1 : 0;
      }
    }
    assertThat(certain).isGreaterThan(150);
    assertThat((double) agree / certain).isGreaterThan(0.9);
  }

  @Test
  void aModelThatIsMissingIsNamed() {
    assertThatThrownBy(() -> new FastTextIdentifier.Config(Path.of("no-such.ftz")).create())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("no-such.ftz");
  }
}
