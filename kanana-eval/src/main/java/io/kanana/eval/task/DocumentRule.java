package io.kanana.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.template.Template;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * How something is had from a document, as {@code doc_to_text} and its kin say it: the value of a
 * field of that name, a template over all fields, a fixed value, or a function. Immutable.
 */
final class DocumentRule {
  private final String where;
  private final JsonNode config;
  private final Optional<Template> template;
  private final Optional<Function<ObjectNode, JsonNode>> function;

  private DocumentRule(
      String where,
      JsonNode config,
      Optional<Template> template,
      Optional<Function<ObjectNode, JsonNode>> function) {
    this.where = where;
    this.config = config;
    this.template = template;
    this.function = function;
  }

  /**
   * The rule of a value in a task file.
   *
   * @param where task and key, for messages
   * @throws ConfigException if it is no template, or names a function that is not known
   */
  static DocumentRule of(String where, JsonNode config) {
    if (config instanceof POJONode pojo && pojo.getPojo() instanceof FunctionName name) {
      return new DocumentRule(
          where, config, Optional.empty(), Optional.of(TaskFunctions.value(where, name)));
    }
    if (config.isTextual()) {
      Template parsed = Template.parse(where, config.textValue(), Template.Dialect.TASK);
      return new DocumentRule(where, config, Optional.of(parsed), Optional.empty());
    }
    if (config.isInt() || config.isArray() || config.isObject()) {
      return new DocumentRule(where, config, Optional.empty(), Optional.empty());
    }
    throw new ConfigException(
        where, "must be a template, the name of a field, or a fixed value, got " + config);
  }

  /** The names that the template reads, or the field; empty for anything else. */
  Set<String> names() {
    boolean field = config.isTextual() && !config.textValue().contains("{");
    return field ? Set.of(config.textValue()) : template.map(Template::names).orElse(Set.of());
  }

  /** The value as it is: a field's own, or the text of the template. */
  private JsonNode raw(ObjectNode document, Set<String> columns) {
    if (function.isPresent()) {
      return function.get().apply(document);
    }
    if (!config.isTextual()) {
      return config;
    }
    if (columns.contains(config.textValue())) {
      return document.path(config.textValue());
    }
    return TextNode.valueOf(template.orElseThrow().render(fields(document)));
  }

  private static Map<String, JsonNode> fields(ObjectNode document) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    document.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    return fields;
  }

  /** A text. */
  String text(ObjectNode document, Set<String> columns) {
    JsonNode value = raw(document, columns);
    if (!value.isTextual()) {
      throw new DataException(
          where + ": must be text, but the document has " + value + "; correct the field");
    }
    return value.textValue();
  }

  /**
   * A right answer: the number of a choice, a text, or a list of these.
   *
   * @param ofChoices whether a text of digits is the number of a choice
   */
  JsonNode target(ObjectNode document, Set<String> columns, boolean ofChoices) {
    JsonNode value = raw(document, columns);
    boolean templated = config.isTextual() && !columns.contains(config.textValue());
    if (!templated) {
      return value;
    }
    String text = value.textValue();
    if (ofChoices && isNumber(text)) {
      return IntNode.valueOf(Integer.parseInt(text));
    }
    if (text.startsWith("[") && text.endsWith("]")) {
      return Template.literal(text).filter(JsonNode::isArray).orElse(value);
    }
    return value;
  }

  /** Whether a text is a number as Python writes one, and small enough for a choice. */
  static boolean isNumber(String text) {
    return text.matches("0|[1-9][0-9]{0,8}");
  }

  /** A list of texts, such as choices. */
  List<String> texts(ObjectNode document, Set<String> columns) {
    JsonNode value = raw(document, columns);
    if (config.isTextual() && value.isTextual()) {
      value = literal(value.textValue());
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : value.isObject() ? values(value) : value) {
      if (!item.isTextual()) {
        throw new DataException(
            where + ": must be a list of texts, got " + value + "; correct the field");
      }
      texts.add(item.textValue());
    }
    if (texts.isEmpty()) {
      throw new DataException(where + ": must hold at least one choice, got " + value);
    }
    return texts;
  }

  private static ArrayNode values(JsonNode object) {
    ArrayNode values = JsonNodeFactory.instance.arrayNode();
    object.forEach(values::add);
    return values;
  }

  private JsonNode literal(String text) {
    return Template.literal(text)
        .filter(JsonNode::isArray)
        .orElseThrow(
            () ->
                new DataException(where + ": must make a list, as Python writes it, got " + text));
  }
}
