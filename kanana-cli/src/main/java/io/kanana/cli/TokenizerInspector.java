package io.kanana.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Hugging Face {@code tokenizer.json}, of kinds that kanana does not run too. */
final class TokenizerInspector implements Inspector {
  @Override
  public boolean recognises(Path path) {
    return path.endsWith("tokenizer.json");
  }

  @Override
  public List<String> describe(Path path) {
    JsonNode root = JsonInspector.read(path);
    JsonNode model = root.path("model");
    List<String> lines = new ArrayList<>();
    lines.add("tokenizer: " + model.path("type").asText("unknown"));
    lines.add("vocabulary: " + model.path("vocab").size());
    lines.add("merges: " + model.path("merges").size());
    lines.add("normalizer: " + root.at("/normalizer/type").asText("none"));
    lines.add("pre-tokenizer: " + root.at("/pre_tokenizer/type").asText("none"));
    lines.add("decoder: " + root.at("/decoder/type").asText("none"));
    lines.add("added tokens: " + root.path("added_tokens").size());
    for (JsonNode token : root.path("added_tokens")) {
      lines.add("  " + token.path("id").asText() + "  " + token.path("content").asText());
    }
    return lines;
  }
}
