package io.kanana.core.tokenizer;

import io.kanana.core.tokenizer.PreTokenizer.Behavior;
import io.kanana.core.tokenizer.PreTokenizer.PrependScheme;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the parts of {@code tokenizer.json} around the model; an unknown one is refused by name.
 */
final class PartReader {
  private static final int MOST_PARTS = 64;

  private PartReader() {}

  /** The normalizer, or null where the file has none. */
  static Normalizer normalizer(JsonPart part) {
    if (part.isNull()) {
      return null;
    }
    return switch (part.type()) {
      case "NFC", "NFD", "NFKC", "NFKD" -> {
        part.object("type");
        yield new Normalizer.Unicode(Form.valueOf(part.type()));
      }
      case "Prepend" -> {
        part.object("type", "prepend");
        yield new Normalizer.Prepend(part.field("prepend").text());
      }
      case "Replace" -> {
        part.object("type", "pattern", "content");
        yield new Normalizer.Replace(pattern(part.field("pattern")), part.field("content").text());
      }
      case "Sequence" -> {
        part.object("type", "normalizers");
        yield new Normalizer.Sequence(
            sequence(part.field("normalizers")).stream().map(PartReader::normalizer).toList());
      }
      default ->
          throw unsupported(part, "normalizer", "NFC, NFD, NFKC, NFKD, Prepend, Replace, Sequence");
    };
  }

  /** The pre-tokenizer, or null where the file has none. */
  static PreTokenizer preTokenizer(JsonPart part) {
    if (part.isNull()) {
      return null;
    }
    return switch (part.type()) {
      case "Split" -> {
        part.object("type", "pattern", "behavior", "invert");
        yield new PreTokenizer.Split(
            pattern(part.field("pattern")),
            behavior(part.field("behavior")),
            part.field("invert").bool(false));
      }
      case "Digits" -> {
        part.object("type", "individual_digits");
        yield new PreTokenizer.Digits(part.field("individual_digits").bool(false));
      }
      case "ByteLevel" -> {
        byteLevel(part);
        yield new PreTokenizer.ByteLevel(
            part.field("add_prefix_space").bool(true),
            part.field("trim_offsets").bool(true),
            part.field("use_regex").bool(true));
      }
      case "Metaspace" ->
          new PreTokenizer.Metaspace(
              part.field("replacement").character(),
              prependScheme(part),
              part.field("split").bool(true));
      case "Sequence" -> {
        part.object("type", "pretokenizers");
        yield preTokenizers(part.field("pretokenizers"));
      }
      default ->
          throw unsupported(part, "pre-tokenizer", "Split, Digits, ByteLevel, Metaspace, Sequence");
    };
  }

  private static PreTokenizer preTokenizers(JsonPart list) {
    List<PreTokenizer> parts = new ArrayList<>();
    for (JsonPart element : sequence(list)) {
      if (!parts.isEmpty() && parts.getLast().byteLevel()) {
        throw element.refused("nothing can follow a ByteLevel pre-tokenizer; put it last");
      }
      parts.add(preTokenizer(element));
    }
    return new PreTokenizer.Sequence(parts);
  }

  private static void byteLevel(JsonPart part) {
    part.object("type", "add_prefix_space", "trim_offsets", "use_regex");
  }

  private static Behavior behavior(JsonPart part) {
    String key = part.text();
    for (Behavior behavior : Behavior.values()) {
      if (behavior.key().equals(key)) {
        return behavior;
      }
    }
    throw part.refused(
        "supported are Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous");
  }

  /** The scheme; files from before it was introduced say {@code add_prefix_space} instead. */
  private static PrependScheme prependScheme(JsonPart part) {
    part.object("type", "replacement", "prepend_scheme", "split", "add_prefix_space", "str_rep");
    boolean prefix = part.field("add_prefix_space").bool(true);
    JsonPart scheme = part.field("prepend_scheme");
    if (scheme.isNull()) {
      return prefix ? PrependScheme.ALWAYS : PrependScheme.NEVER;
    }
    for (PrependScheme value : PrependScheme.values()) {
      if (value.key().equals(scheme.text())) {
        return prefix ? value : PrependScheme.NEVER;
      }
    }
    throw scheme.refused("supported are always, first, never");
  }

  private static SplitPattern pattern(JsonPart part) {
    part.object("Regex", "String");
    JsonPart regex = part.field("Regex");
    JsonPart chosen = regex.isNull() ? part.field("String") : regex;
    try {
      return regex.isNull()
          ? SplitPattern.literal(chosen.text())
          : SplitPattern.regex(chosen.text());
    } catch (IllegalArgumentException e) {
      throw chosen.refused("this pattern cannot be used: " + e.getMessage());
    }
  }

  /** The post-processor, or null where the file has none. */
  static PostProcessor postProcessor(JsonPart part) {
    if (part.isNull()) {
      return null;
    }
    return switch (part.type()) {
      case "ByteLevel" -> {
        byteLevel(part);
        yield new PostProcessor.ByteLevel(
            part.field("add_prefix_space").bool(true),
            part.field("trim_offsets").bool(true),
            part.field("use_regex").bool(true));
      }
      case "TemplateProcessing" -> template(part);
      case "Sequence" -> {
        part.object("type", "processors");
        yield new PostProcessor.Sequence(
            sequence(part.field("processors")).stream().map(PartReader::postProcessor).toList());
      }
      default ->
          throw unsupported(part, "post-processor", "ByteLevel, TemplateProcessing, Sequence");
    };
  }

  private static PostProcessor template(JsonPart part) {
    part.object("type", "single", "pair", "special_tokens");
    Map<String, PostProcessor.Special> specials = new HashMap<>();
    JsonPart tokens = part.field("special_tokens");
    if (!tokens.node().isObject()) {
      throw tokens.refused("it must be an object");
    }
    for (String name : tokens.node().properties().stream().map(Map.Entry::getKey).toList()) {
      specials.put(name, special(tokens.field(name)));
    }
    return new PostProcessor.Template(
        templateParts(part.field("single"), specials, false),
        templateParts(part.field("pair"), specials, true),
        specials);
  }

  private static PostProcessor.Special special(JsonPart part) {
    part.object("id", "ids", "tokens");
    return new PostProcessor.Special(
        sequence(part.field("ids")).stream().map(e -> e.integer(0, Integer.MAX_VALUE)).toList(),
        sequence(part.field("tokens")).stream().map(JsonPart::text).toList());
  }

  private static List<PostProcessor.Part> templateParts(
      JsonPart list, Map<String, PostProcessor.Special> specials, boolean pair) {
    List<PostProcessor.Part> parts = new ArrayList<>();
    for (JsonPart element : sequence(list)) {
      element.object("SpecialToken", "Sequence");
      boolean special = !element.field("SpecialToken").isNull();
      JsonPart body = element.field(special ? "SpecialToken" : "Sequence");
      body.object("id", "type_id");
      JsonPart id = body.field("id");
      if (special && !specials.containsKey(id.text())) {
        throw id.refused("it must be one of special_tokens");
      }
      if (!special && !id.text().equals("A") && !(pair && id.text().equals("B"))) {
        throw id.refused(pair ? "it must be A or B" : "it must be A");
      }
      int typeId = body.field("type_id").integer(0, Integer.MAX_VALUE);
      parts.add(new PostProcessor.Part(special, id.text(), typeId));
    }
    return parts;
  }

  /** The decoder, or null where the file has none. */
  static TokenDecoder decoder(JsonPart part) {
    return part.isNull() ? null : decoder(part, false);
  }

  private static TokenDecoder decoder(JsonPart part, boolean fused) {
    String type = part.type();
    if (fused && !type.equals("Strip") && !type.equals("Fuse")) {
      throw part.field("type").refused("only Strip and Fuse are supported after Fuse or ByteLevel");
    }
    return switch (type) {
      case "ByteLevel" -> {
        byteLevel(part);
        yield new TokenDecoder.ByteLevel(
            part.field("add_prefix_space").bool(true),
            part.field("trim_offsets").bool(true),
            part.field("use_regex").bool(true));
      }
      case "Replace" -> {
        part.object("type", "pattern", "content");
        yield new TokenDecoder.Replace(
            pattern(part.field("pattern")), part.field("content").text());
      }
      case "ByteFallback" -> {
        part.object("type");
        yield new TokenDecoder.ByteFallback();
      }
      case "Fuse" -> {
        part.object("type");
        yield new TokenDecoder.Fuse();
      }
      case "Strip" -> {
        part.object("type", "content", "start", "stop");
        yield new TokenDecoder.Strip(
            part.field("content").character(),
            part.field("start").integer(0, Integer.MAX_VALUE),
            part.field("stop").integer(0, Integer.MAX_VALUE),
            fused);
      }
      case "Metaspace" ->
          new TokenDecoder.Metaspace(
              part.field("replacement").character(),
              prependScheme(part),
              part.field("split").bool(true));
      case "Sequence" -> decoders(part);
      default ->
          throw unsupported(
              part,
              "decoder",
              "ByteLevel, Replace, ByteFallback, Fuse, Strip, Metaspace, Sequence");
    };
  }

  private static TokenDecoder decoders(JsonPart part) {
    part.object("type", "decoders");
    List<TokenDecoder> decoders = new ArrayList<>();
    boolean fused = false;
    for (JsonPart element : sequence(part.field("decoders"))) {
      TokenDecoder decoder = decoder(element, fused);
      if (decoder instanceof TokenDecoder.Sequence) {
        throw element.refused("a Sequence inside a Sequence is not supported");
      }
      decoders.add(decoder);
      fused |= decoder instanceof TokenDecoder.Fuse || decoder instanceof TokenDecoder.ByteLevel;
    }
    return new TokenDecoder.Sequence(decoders);
  }

  private static List<JsonPart> sequence(JsonPart part) {
    List<JsonPart> elements = part.elements();
    if (elements.size() > MOST_PARTS) {
      throw part.refused("at most " + MOST_PARTS + " are accepted");
    }
    for (JsonPart element : elements) {
      if (element.isNull()) {
        throw element.refused("it must not be null");
      }
    }
    return elements;
  }

  private static RuntimeException unsupported(JsonPart part, String what, String supported) {
    return part.field("type")
        .refused(
            String.format(
                Locale.ROOT, "this %s is not supported; supported are %s", what, supported));
  }
}
