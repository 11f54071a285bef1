package io.kanana.core.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.tokenizer.BpeModel.Merge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads {@code tokenizer.json}: vocabulary, merges and added tokens; the rest is {@link
 * PartReader}.
 */
final class TokenizerJsonReader {
  /** Ids may have gaps, but may not claim more memory than the file justifies. */
  private static final int SPARE_IDS = 1 << 17;

  private static final int LONGEST_TOKEN = 1 << 16;

  private final JsonPart root;

  private TokenizerJsonReader(JsonPart root) {
    this.root = root;
  }

  /**
   * @param file how messages name the file
   */
  static BytePairTokenizer.Parts read(String file, JsonNode json) {
    return new TokenizerJsonReader(new JsonPart(file, "", json)).parts();
  }

  private BytePairTokenizer.Parts parts() {
    root.object(
        "version",
        "truncation",
        "padding",
        "added_tokens",
        "normalizer",
        "pre_tokenizer",
        "post_processor",
        "decoder",
        "model");
    if (!root.field("version").isNull() && !root.field("version").text().equals("1.0")) {
      throw root.field("version").refused("only version 1.0 is supported");
    }
    mustBeNull(root.field("truncation"), "truncation is not supported; set it to null");
    mustBeNull(root.field("padding"), "padding is not supported; set it to null");
    PreTokenizer preTokenizer = PartReader.preTokenizer(root.field("pre_tokenizer"));
    boolean byteLevel = preTokenizer != null && preTokenizer.byteLevel();
    BpeModel model = model(root.field("model"), byteLevel);
    Normalizer normalizer = PartReader.normalizer(root.field("normalizer"));
    TokenDecoder decoder = PartReader.decoder(root.field("decoder"));
    List<AddedToken> added = addedTokens(root.field("added_tokens"), model);
    PostProcessor post = PartReader.postProcessor(root.field("post_processor"));
    checkTemplate(post, model, added);
    return new BytePairTokenizer.Parts(normalizer, preTokenizer, model, post, decoder, added);
  }

  private static void mustBeNull(JsonPart part, String rule) {
    if (!part.isNull()) {
      throw part.refused(rule);
    }
  }

  private static BpeModel model(JsonPart part, boolean byteLevel) {
    if (!part.field("type").isNull() || !part.field("merges").node().isArray()) {
      String type = part.type();
      if (!type.equals("BPE")) {
        throw part.field("type").refused("this model is not supported; supported is BPE");
      }
    }
    part.object(
        "type",
        "dropout",
        "unk_token",
        "continuing_subword_prefix",
        "end_of_word_suffix",
        "fuse_unk",
        "byte_fallback",
        "ignore_merges",
        "vocab",
        "merges");
    mustBeNothing(part.field("continuing_subword_prefix"));
    mustBeNothing(part.field("end_of_word_suffix"));
    JsonPart dropout = part.field("dropout");
    if (!dropout.isNull() && !(dropout.node().isNumber() && dropout.node().doubleValue() == 0)) {
      throw dropout.refused("dropout is not supported; set it to null");
    }
    Map<String, Integer> vocabulary = vocabulary(part.field("vocab"));
    BpeModel.Options options = options(part, vocabulary, byteLevel);
    return new BpeModel(vocabulary, merges(part.field("merges"), vocabulary), options, byteLevel);
  }

  private static void mustBeNothing(JsonPart part) {
    if (!part.isNull() && !part.text().isEmpty()) {
      throw part.refused("this is not supported; set it to null");
    }
  }

  private static BpeModel.Options options(
      JsonPart part, Map<String, Integer> vocabulary, boolean byteLevel) {
    JsonPart unknown = part.field("unk_token");
    String unknownToken = unknown.isNull() ? null : unknown.text();
    if (unknownToken != null && !vocabulary.containsKey(unknownToken)) {
      throw unknown.refused("it must be in the vocabulary");
    }
    boolean byteFallback = part.field("byte_fallback").bool(false);
    if (byteFallback && byteLevel) {
      throw part.field("byte_fallback").refused("with a ByteLevel pre-tokenizer it must be false");
    }
    return new BpeModel.Options(
        unknownToken,
        part.field("fuse_unk").bool(false),
        byteFallback,
        part.field("ignore_merges").bool(false));
  }

  private static Map<String, Integer> vocabulary(JsonPart part) {
    JsonNode node = part.node();
    if (!node.isObject()) {
      throw part.refused("it must be an object of token to id");
    }
    int most = 2 * node.size() + SPARE_IDS;
    Map<String, Integer> vocabulary = HashMap.newHashMap(node.size());
    Set<Integer> ids = HashSet.newHashSet(node.size());
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String token = entry.getKey();
      JsonNode id = entry.getValue();
      if (!id.isInt() || id.intValue() < 0 || id.intValue() > most || !ids.add(id.intValue())) {
        throw part.field(Quoted.shortened(token))
            .refused("ids are whole numbers from 0 to " + most + ", each used once");
      }
      if (token.length() > LONGEST_TOKEN) {
        throw part.field(Quoted.shortened(token))
            .refused("a token has at most " + LONGEST_TOKEN + " characters");
      }
      vocabulary.put(token, id.intValue());
    }
    return vocabulary;
  }

  private static List<Merge> merges(JsonPart part, Map<String, Integer> vocabulary) {
    if (!part.node().isArray()) {
      throw part.refused("it must be an array of pairs");
    }
    List<Merge> merges = new ArrayList<>(part.node().size());
    for (int i = 0; i < part.node().size(); i++) {
      merges.add(merge(part, i, vocabulary));
    }
    return merges;
  }

  private static Merge merge(JsonPart part, int i, Map<String, Integer> vocabulary) {
    JsonNode node = part.node().get(i);
    String left = null;
    String right = null;
    if (node.isTextual()) {
      String text = node.textValue();
      int space = text.indexOf(' ');
      if (space >= 0 && text.indexOf(' ', space + 1) < 0) {
        left = text.substring(0, space);
        right = text.substring(space + 1);
      }
    } else if (node.isArray() && node.size() == 2) {
      left = node.get(0).textValue();
      right = node.get(1).textValue();
    }
    if (left == null || right == null) {
      throw element(part, i).refused("a merge is two tokens: [\"a\", \"b\"] or \"a b\"");
    }
    if (!vocabulary.containsKey(left)
        || !vocabulary.containsKey(right)
        || !vocabulary.containsKey(left + right)) {
      throw element(part, i).refused("both tokens and the joined one must be in the vocabulary");
    }
    return new Merge(vocabulary.get(left), vocabulary.get(right));
  }

  private static JsonPart element(JsonPart part, int i) {
    return new JsonPart(part.file(), part.path() + "[" + i + "]", part.node().get(i));
  }

  private static List<AddedToken> addedTokens(JsonPart part, BpeModel model) {
    if (part.isNull()) {
      return List.of();
    }
    List<AddedToken> tokens = new ArrayList<>();
    Map<Integer, String> contents = new HashMap<>();
    Set<String> seen = new HashSet<>();
    int most = model.size() + 2 * part.node().size() + SPARE_IDS;
    for (JsonPart element : part.elements()) {
      AddedToken token = addedToken(element, most);
      String before = contents.put(token.id(), token.content());
      int modelId = model.id(token.content());
      if (before != null || !seen.add(token.content())) {
        throw element.refused("every id and every content occurs once");
      }
      if (modelId >= 0 && modelId != token.id()) {
        throw element.refused("in the vocabulary this content has the id " + modelId);
      }
      if (modelId < 0 && model.token(token.id()) != null) {
        throw element.refused("in the vocabulary this id is another token");
      }
      tokens.add(token);
    }
    return tokens;
  }

  private static AddedToken addedToken(JsonPart part, int most) {
    part.object("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
    boolean special = part.field("special").bool(false);
    String content = part.field("content").text();
    if (content.isEmpty() || content.length() > LONGEST_TOKEN) {
      throw part.field("content").refused("it must have 1 to " + LONGEST_TOKEN + " characters");
    }
    return new AddedToken(
        part.field("id").integer(0, most),
        content,
        special,
        part.field("normalized").bool(!special),
        part.field("lstrip").bool(false),
        part.field("rstrip").bool(false),
        part.field("single_word").bool(false));
  }

  private void checkTemplate(PostProcessor post, BpeModel model, List<AddedToken> added) {
    if (post instanceof PostProcessor.Sequence sequence) {
      sequence.processors().forEach(inner -> checkTemplate(inner, model, added));
    }
    if (!(post instanceof PostProcessor.Template template)) {
      return;
    }
    for (PostProcessor.Special special : template.specials().values()) {
      for (int id : special.ids()) {
        boolean known =
            model.token(id) != null || added.stream().anyMatch(token -> token.id() == id);
        if (!known) {
          throw root.field("post_processor").refused("its id " + id + " is not in the vocabulary");
        }
      }
    }
  }
}
