package io.kanana.core.tokenizer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Function;

/** Writes {@code tokenizer.json} as Hugging Face tokenizers 0.20 and later do. */
final class TokenizerJsonWriter {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private TokenizerJsonWriter() {}

  static ObjectNode write(BytePairTokenizer.Parts parts) {
    ObjectNode root = JSON.objectNode();
    root.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    parts.added().stream()
        .sorted(Comparator.comparingInt(AddedToken::id))
        .forEach(token -> added.add(addedToken(token)));
    root.set("normalizer", orNull(parts.normalizer(), TokenizerJsonWriter::normalizer));
    root.set("pre_tokenizer", orNull(parts.preTokenizer(), TokenizerJsonWriter::preTokenizer));
    root.set("post_processor", orNull(parts.postProcessor(), TokenizerJsonWriter::postProcessor));
    root.set("decoder", orNull(parts.decoder(), TokenizerJsonWriter::decoder));
    root.set("model", model(parts.model()));
    return root;
  }

  private static <T> com.fasterxml.jackson.databind.JsonNode orNull(
      T part, Function<T, ObjectNode> write) {
    return part == null ? JSON.nullNode() : write.apply(part);
  }

  private static ObjectNode addedToken(AddedToken token) {
    return JSON.objectNode()
        .put("id", token.id())
        .put("content", token.content())
        .put("single_word", token.singleWord())
        .put("lstrip", token.lstrip())
        .put("rstrip", token.rstrip())
        .put("normalized", token.normalized())
        .put("special", token.special());
  }

  private static ObjectNode model(BpeModel model) {
    BpeModel.Options options = model.options();
    ObjectNode json = JSON.objectNode().put("type", "BPE").putNull("dropout");
    json.put("unk_token", options.unknownToken());
    json.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    json.put("fuse_unk", options.fuseUnknown());
    json.put("byte_fallback", options.byteFallback());
    json.put("ignore_merges", options.ignoreMerges());
    ObjectNode vocabulary = json.putObject("vocab");
    for (int id = 0; id < model.size(); id++) {
      if (model.token(id) != null) {
        vocabulary.put(model.token(id), id);
      }
    }
    ArrayNode merges = json.putArray("merges");
    for (BpeModel.Merge merge : model.merges()) {
      merges.addArray().add(model.token(merge.left())).add(model.token(merge.right()));
    }
    return json;
  }

  private static ObjectNode type(String type) {
    return JSON.objectNode().put("type", type);
  }

  private static <T> ObjectNode sequence(String field, List<T> parts, Function<T, ObjectNode> of) {
    ObjectNode json = type("Sequence");
    ArrayNode array = json.putArray(field);
    parts.forEach(part -> array.add(of.apply(part)));
    return json;
  }

  private static ObjectNode pattern(SplitPattern pattern) {
    return JSON.objectNode().put(pattern.isRegex() ? "Regex" : "String", pattern.source());
  }

  private static ObjectNode byteLevel(boolean prefix, boolean trim, boolean regex) {
    return type("ByteLevel")
        .put("add_prefix_space", prefix)
        .put("trim_offsets", trim)
        .put("use_regex", regex);
  }

  private static ObjectNode metaspace(
      char replacement, PreTokenizer.PrependScheme scheme, boolean split) {
    return type("Metaspace")
        .put("replacement", String.valueOf(replacement))
        .put("prepend_scheme", scheme.key())
        .put("split", split);
  }

  private static ObjectNode normalizer(Normalizer normalizer) {
    return switch (normalizer) {
      case Normalizer.Unicode(var form) -> type(form.name());
      case Normalizer.Prepend(String prepend) -> type("Prepend").put("prepend", prepend);
      case Normalizer.Replace(SplitPattern pattern, String content) -> {
        ObjectNode json = type("Replace");
        json.set("pattern", pattern(pattern));
        yield json.put("content", content);
      }
      case Normalizer.Sequence(List<Normalizer> parts) ->
          sequence("normalizers", parts, TokenizerJsonWriter::normalizer);
    };
  }

  private static ObjectNode preTokenizer(PreTokenizer preTokenizer) {
    return switch (preTokenizer) {
      case PreTokenizer.Split(
              SplitPattern pattern,
              PreTokenizer.Behavior behavior,
              boolean inv) -> {
        ObjectNode json = type("Split");
        json.set("pattern", pattern(pattern));
        yield json.put("behavior", behavior.key()).put("invert", inv);
      }
      case PreTokenizer.Digits(boolean individual) ->
          type("Digits").put("individual_digits", individual);
      case PreTokenizer.ByteLevel(boolean prefix, boolean trim, boolean regex) ->
          byteLevel(prefix, trim, regex);
      case PreTokenizer.Metaspace(char c, PreTokenizer.PrependScheme scheme, boolean split) ->
          metaspace(c, scheme, split);
      case PreTokenizer.Sequence(List<PreTokenizer> parts) ->
          sequence("pretokenizers", parts, TokenizerJsonWriter::preTokenizer);
    };
  }

  private static ObjectNode postProcessor(PostProcessor postProcessor) {
    return switch (postProcessor) {
      case PostProcessor.ByteLevel(boolean prefix, boolean trim, boolean regex) ->
          byteLevel(prefix, trim, regex);
      case PostProcessor.Template template -> template(template);
      case PostProcessor.Sequence(List<PostProcessor> parts) ->
          sequence("processors", parts, TokenizerJsonWriter::postProcessor);
    };
  }

  private static ObjectNode template(PostProcessor.Template template) {
    ObjectNode json = type("TemplateProcessing");
    template.single().forEach(part -> json.withArray("/single").add(templatePart(part)));
    template.pair().forEach(part -> json.withArray("/pair").add(templatePart(part)));
    ObjectNode tokens = json.putObject("special_tokens");
    new TreeMap<>(template.specials())
        .forEach(
            (name, special) -> {
              ObjectNode token = tokens.putObject(name).put("id", name);
              special.ids().forEach(token.putArray("ids")::add);
              special.tokens().forEach(token.putArray("tokens")::add);
            });
    return json;
  }

  private static ObjectNode templatePart(PostProcessor.Part part) {
    ObjectNode json = JSON.objectNode();
    json.putObject(part.special() ? "SpecialToken" : "Sequence")
        .put("id", part.id())
        .put("type_id", part.typeId());
    return json;
  }

  private static ObjectNode decoder(TokenDecoder decoder) {
    return switch (decoder) {
      case TokenDecoder.ByteLevel(boolean prefix, boolean trim, boolean regex) ->
          byteLevel(prefix, trim, regex);
      case TokenDecoder.Replace(SplitPattern pattern, String content) -> {
        ObjectNode json = type("Replace");
        json.set("pattern", pattern(pattern));
        yield json.put("content", content);
      }
      case TokenDecoder.ByteFallback() -> type("ByteFallback");
      case TokenDecoder.Fuse() -> type("Fuse");
      case TokenDecoder.Strip strip ->
          type("Strip")
              .put("content", String.valueOf(strip.content()))
              .put("start", strip.start())
              .put("stop", strip.stop());
      case TokenDecoder.Metaspace(char c, PreTokenizer.PrependScheme scheme, boolean split) ->
          metaspace(c, scheme, split);
      case TokenDecoder.Spaced() ->
          throw new IllegalArgumentException(
              String.format(Locale.ROOT, "%s is never a part of a file", decoder));
      case TokenDecoder.Sequence(List<TokenDecoder> parts) ->
          sequence("decoders", parts, TokenizerJsonWriter::decoder);
    };
  }
}
