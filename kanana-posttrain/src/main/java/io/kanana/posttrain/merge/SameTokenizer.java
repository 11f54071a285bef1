package io.kanana.posttrain.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import io.kanana.core.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whether models read text the same way: only then is a row of an embedding the same token's in all
 * of them. Two files may be written differently and mean the same.
 */
final class SameTokenizer {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> PARTS =
      List.of("normalizer", "pre_tokenizer", "post_processor", "decoder", "added_tokens", "model");

  private final Path first;
  private final Path other;

  private SameTokenizer(Path first, Path other) {
    this.first = first;
    this.other = other;
  }

  /**
   * @throws CheckpointException naming the first difference, or a tokenizer that cannot be read
   */
  static void check(Path first, Path other) {
    new SameTokenizer(first, other).check();
  }

  private void check() {
    Path mine = first.resolve(Tokenizers.TOKENIZER);
    Path others = other.resolve(Tokenizers.TOKENIZER);
    if (Files.exists(mine) != Files.exists(others)) {
      Path lacks = Files.exists(mine) ? other : first;
      throw different("%s has no %s", lacks, Tokenizers.TOKENIZER);
    }
    if (Files.exists(mine) && !sameBytes(mine, others)) {
      compare(canonical(first), canonical(other));
    }
  }

  private static boolean sameBytes(Path a, Path b) {
    try {
      return Files.mismatch(a, b) < 0;
    } catch (IOException e) {
      throw new CheckpointException(a + " and " + b + ": cannot be compared: " + Reason.of(e), e);
    }
  }

  private static JsonNode canonical(Path directory) {
    try {
      return JSON.readTree(Tokenizers.toJson(Tokenizers.load(directory)));
    } catch (IOException e) {
      throw new IllegalStateException("what was just written can be read", e);
    }
  }

  private void compare(JsonNode mine, JsonNode others) {
    SortedMap<Integer, String> tokens = tokens(mine);
    SortedMap<Integer, String> otherTokens = tokens(others);
    List<Integer> ids = new ArrayList<>(tokens.keySet());
    ids.addAll(otherTokens.keySet());
    ids.sort(null);
    for (int id : ids) {
      String token = tokens.getOrDefault(id, "missing");
      String otherToken = otherTokens.getOrDefault(id, "missing");
      if (!token.equals(otherToken)) {
        throw different("token %d is %s in the one and %s in the other", id, otherToken, token);
      }
    }
    for (String part : PARTS) {
      if (!mine.path(part).equals(others.path(part))) {
        throw different("their %s are not the same", part);
      }
    }
  }

  private static SortedMap<Integer, String> tokens(JsonNode tokenizer) {
    SortedMap<Integer, String> tokens = new TreeMap<>();
    tokenizer
        .at("/model/vocab")
        .properties()
        .forEach(entry -> tokens.put(entry.getValue().asInt(), text(entry.getKey())));
    tokenizer
        .path("added_tokens")
        .forEach(
            token -> tokens.put(token.path("id").asInt(), text(token.path("content").asText())));
    return tokens;
  }

  /** In quotes, with nothing in it that would break a line. */
  private static String text(String token) {
    return JSON.getNodeFactory().textNode(token).toString();
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency of its own
  private CheckpointException different(String what, Object... values) {
    return new CheckpointException(
        String.format(
            Locale.ROOT,
            "%s: has another tokenizer than %s: %s; rows of their embeddings are not the same"
                + " tokens', so they cannot be merged",
            other,
            first,
            String.format(Locale.ROOT, what, values)));
  }
}
