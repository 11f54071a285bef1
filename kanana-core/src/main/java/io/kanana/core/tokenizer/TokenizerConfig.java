package io.kanana.core.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code tokenizer_config.json} says beside the tokenizer itself: the special tokens' roles
 * and the chat templates, as text. Keys that are not known here are kept as they are. Immutable.
 *
 * <p>transformers 5 keeps the default chat template in a file {@code chat_template.jinja} instead;
 * {@link Tokenizers} reads either and writes both.
 */
public final class TokenizerConfig {
  /** The name of the template that is used where none is named. */
  public static final String DEFAULT_TEMPLATE = "default";

  private final ObjectNode json;
  private final Map<String, String> templates;

  private TokenizerConfig(ObjectNode json, Map<String, String> templates) {
    this.json = json;
    this.templates = new LinkedHashMap<>(templates);
  }

  /** A config that says only which class loads the tokenizer. */
  public static TokenizerConfig empty() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("tokenizer_class", "PreTrainedTokenizerFast");
    json.put("clean_up_tokenization_spaces", false);
    return new TokenizerConfig(json, Map.of());
  }

  /** A config for a tokenizer: its added tokens, and those that begin and end documents. */
  public static TokenizerConfig of(BytePairTokenizer tokenizer) {
    ObjectNode json = empty().json;
    ObjectNode added = json.putObject("added_tokens_decoder");
    for (AddedToken token : tokenizer.addedTokens()) {
      added
          .putObject(Integer.toString(token.id()))
          .put("content", token.content())
          .put("lstrip", token.lstrip())
          .put("normalized", token.normalized())
          .put("rstrip", token.rstrip())
          .put("single_word", token.singleWord())
          .put("special", token.special());
    }
    tokenizer.beginOfText().ifPresent(id -> json.put("bos_token", tokenizer.token(id)));
    tokenizer.endOfText().ifPresent(id -> json.put("eos_token", tokenizer.token(id)));
    return new TokenizerConfig(json, Map.of());
  }

  /**
   * Reads the content of a file.
   *
   * @throws io.kanana.core.error.CheckpointException naming the key that has the wrong kind of
   *     value
   */
  static TokenizerConfig read(String file, JsonNode node) {
    JsonPart root = new JsonPart(file, "", node);
    if (!node.isObject()) {
      throw root.refused("it must be an object");
    }
    for (Role role : Role.values()) {
      content(root.field(role.key()));
    }
    root.field("add_bos_token").bool(false);
    root.field("add_eos_token").bool(false);
    JsonPart length = root.field("model_max_length");
    if (!length.isNull() && !length.node().isNumber()) {
      throw length.refused("it must be a number");
    }
    checkAdded(root.field("added_tokens_decoder"));
    return new TokenizerConfig(node.deepCopy(), templates(root.field("chat_template")));
  }

  private static void checkAdded(JsonPart part) {
    if (part.isNull()) {
      return;
    }
    if (!part.node().isObject()) {
      throw part.refused("it must be an object of id to token");
    }
    for (Map.Entry<String, JsonNode> entry : part.node().properties()) {
      content(part.field(entry.getKey()));
    }
  }

  /** The content of a token, which is a string or an object; null where there is none. */
  private static String content(JsonPart part) {
    if (part.isNull()) {
      return null;
    }
    return part.node().isObject() ? part.field("content").text() : part.text();
  }

  private static Map<String, String> templates(JsonPart part) {
    Map<String, String> templates = new LinkedHashMap<>();
    if (part.isNull()) {
      return templates;
    }
    if (part.node().isArray()) {
      for (JsonPart element : part.elements()) {
        element.object("name", "template");
        String name = element.field("name").text();
        if (templates.put(name, element.field("template").text()) != null) {
          throw element.refused("every template has a name of its own");
        }
      }
    } else {
      templates.put(DEFAULT_TEMPLATE, part.text());
    }
    return templates;
  }

  /** The part that a special token plays. */
  public enum Role {
    BEGIN_OF_TEXT("bos_token"),
    END_OF_TEXT("eos_token"),
    PADDING("pad_token"),
    UNKNOWN("unk_token");

    private final String key;

    Role(String key) {
      this.key = key;
    }

    String key() {
      return key;
    }
  }

  /** The token that plays a part, if any. */
  public Optional<String> token(Role role) {
    return Optional.ofNullable(content(new JsonPart("", role.key(), json.path(role.key()))));
  }

  /** The id of the token that plays a part; empty where there is none or the tokenizer lacks it. */
  public OptionalInt tokenId(Role role, Tokenizer tokenizer) {
    return token(role).map(tokenizer::tokenId).orElse(OptionalInt.empty());
  }

  /** The texts of the chat templates by name; {@link #DEFAULT_TEMPLATE} is the unnamed one. */
  public Map<String, String> chatTemplates() {
    return java.util.Collections.unmodifiableMap(templates);
  }

  /** The text of the chat template that is used where none is named. */
  public Optional<String> chatTemplate() {
    return Optional.ofNullable(templates.get(DEFAULT_TEMPLATE));
  }

  /** Whether transformers' older tokenizer classes put the begin-of-text token before a text. */
  public boolean addBosToken() {
    return json.path("add_bos_token").asBoolean(false);
  }

  /** The longest text in tokens; empty where the file has none or, as many do, an absurd one. */
  public OptionalInt modelMaxLength() {
    JsonNode length = json.path("model_max_length");
    return length.isNumber() && length.doubleValue() >= 1 && length.doubleValue() < 1 << 30
        ? OptionalInt.of(length.intValue())
        : OptionalInt.empty();
  }

  /** This with another token for a part; null takes it away. */
  public TokenizerConfig withToken(Role role, String token) {
    ObjectNode copy = json.deepCopy();
    copy.put(role.key(), token);
    return new TokenizerConfig(copy, templates);
  }

  /** This with another default chat template. */
  public TokenizerConfig withChatTemplate(String template) {
    Map<String, String> changed = new LinkedHashMap<>(templates);
    changed.put(DEFAULT_TEMPLATE, Objects.requireNonNull(template));
    return new TokenizerConfig(json, changed);
  }

  /** This with another longest text. */
  public TokenizerConfig withModelMaxLength(int tokens) {
    ObjectNode copy = json.deepCopy();
    copy.put("model_max_length", tokens);
    return new TokenizerConfig(copy, templates);
  }

  ObjectNode toJson() {
    ObjectNode copy = json.deepCopy();
    copy.remove("chat_template");
    if (templates.size() == 1 && templates.containsKey(DEFAULT_TEMPLATE)) {
      copy.put("chat_template", templates.get(DEFAULT_TEMPLATE));
    } else if (!templates.isEmpty()) {
      ArrayNode list = copy.putArray("chat_template");
      templates.forEach(
          (name, template) -> list.addObject().put("name", name).put("template", template));
    }
    return copy;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenizerConfig that && toJson().equals(that.toJson());
  }

  @Override
  public int hashCode() {
    return templates.hashCode();
  }

  @Override
  public String toString() {
    return toJson().toString();
  }
}
