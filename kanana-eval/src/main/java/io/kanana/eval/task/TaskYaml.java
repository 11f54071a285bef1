package io.kanana.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Task files of lm-evaluation-harness: YAML 1.1 as Python reads it, so {@code yes} is true, with
 * {@code include} and the tag {@code !function}. Unlike a configuration of ours, which decision
 * 0021 keeps stricter, such a file was written for another program.
 */
final class TaskYaml {
  private static final String INCLUDE = "include";
  private static final int LARGEST_FILE = 4 << 20;
  private static final int DEEPEST = 40;
  private static final Tag FUNCTION = new Tag("!function");

  private final Path file;

  private TaskYaml(Path file) {
    this.file = file;
  }

  /**
   * The mapping of a file with those that it includes below it; {@code !function} values are {@link
   * FunctionName}s.
   *
   * @throws ConfigException naming file, line and rule
   */
  static ObjectNode read(Path file) {
    return read(file.toAbsolutePath().normalize(), new LinkedHashSet<>());
  }

  private static ObjectNode read(Path file, Set<Path> includedFrom) {
    if (!includedFrom.add(file)) {
      throw new ConfigException(
          includedFrom.iterator().next().toString(), "includes itself by way of " + file);
    }
    ObjectNode own = new TaskYaml(file).mapping();
    JsonNode includes = own.remove(INCLUDE);
    ObjectNode merged = JsonNodeFactory.instance.objectNode();
    for (String name : names(file, includes)) {
      Path included = file.resolveSibling(name).normalize();
      ObjectNode below = read(included, new LinkedHashSet<>(includedFrom));
      below.remove(TaskLibrary.TASK_LIST);
      merged.setAll(below);
    }
    merged.setAll(own);
    return merged;
  }

  private static List<String> names(Path file, JsonNode includes) {
    List<String> names = new ArrayList<>();
    if (includes == null) {
      return names;
    }
    for (JsonNode name : includes.isArray() ? includes : List.of(includes)) {
      if (!name.isTextual()) {
        throw new ConfigException(
            file.toString(), "include must name files, got " + includes + "; give relative paths");
      }
      names.add(name.textValue());
    }
    return names;
  }

  private ObjectNode mapping() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(LARGEST_FILE);
    options.setNestingDepthLimit(DEEPEST);
    try {
      Node root = new Yaml(options).compose(new StringReader(text()));
      if (root == null) {
        return JsonNodeFactory.instance.objectNode();
      }
      if (json(root) instanceof ObjectNode mapping) {
        return mapping;
      }
      throw problem(root, "must be a mapping of keys to values");
    } catch (MarkedYAMLException e) {
      String where =
          e.getProblemMark() == null ? "" : " (line " + (e.getProblemMark().getLine() + 1) + ")";
      throw new ConfigException(file.toString(), "is not YAML: " + e.getProblem() + where);
    } catch (YAMLException e) {
      throw new ConfigException(file.toString(), "is not YAML: " + firstLine(e.getMessage()));
    }
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse(text);
  }

  private String text() {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ConfigException(file.toString(), "cannot be read: " + Reason.of(e));
    }
  }

  private JsonNode json(Node node) {
    return switch (node) {
      case ScalarNode scalar -> scalar(scalar);
      case SequenceNode sequence -> {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        sequence.getValue().forEach(item -> list.add(json(item)));
        yield list;
      }
      case MappingNode mapping -> object(mapping);
      default -> throw problem(node, "holds an alias that cannot be read");
    };
  }

  private ObjectNode object(MappingNode mapping) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key) || key.getTag().equals(Tag.MERGE)) {
        throw problem(tuple.getKeyNode(), "a key must be plain text");
      }
      if (object.has(key.getValue())) {
        throw problem(key, key.getValue() + " is given twice; keep one");
      }
      object.set(key.getValue(), json(tuple.getValueNode()));
    }
    return object;
  }

  private JsonNode scalar(ScalarNode scalar) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    String text = scalar.getValue();
    Tag tag = scalar.getTag();
    if (tag.equals(FUNCTION)) {
      String folder = file.getParent() == null ? "" : file.getParent().getFileName().toString();
      return nodes.pojoNode(new FunctionName(file, folder, text));
    }
    if (tag.equals(Tag.STR) || tag.equals(Tag.TIMESTAMP)) {
      return nodes.textNode(text);
    }
    if (tag.equals(Tag.NULL)) {
      return nodes.nullNode();
    }
    if (tag.equals(Tag.BOOL)) {
      return nodes.booleanNode(Set.of("yes", "true", "on").contains(text.toLowerCase(Locale.ROOT)));
    }
    try {
      return tag.equals(Tag.INT) ? integer(text) : real(scalar, text);
    } catch (NumberFormatException _) {
      return nodes.textNode(text); // a number of a kind that nobody writes
    }
  }

  private static JsonNode integer(String text) {
    BigInteger value = new BigInteger(text.replace("_", ""));
    return value.bitLength() < Integer.SIZE
        ? JsonNodeFactory.instance.numberNode(value.intValue())
        : JsonNodeFactory.instance.numberNode(value);
  }

  private JsonNode real(ScalarNode scalar, String text) {
    if (!scalar.getTag().equals(Tag.FLOAT)) {
      throw problem(scalar, "has the tag " + scalar.getTag() + "; only !function is known");
    }
    double value = Double.parseDouble(text.replace("_", ""));
    if (!Double.isFinite(value)) {
      throw problem(scalar, "must be a finite number, got " + text);
    }
    return JsonNodeFactory.instance.numberNode(value);
  }

  private ConfigException problem(Node node, String message) {
    return new ConfigException(
        file.toString(), message + " (line " + (node.getStartMark().getLine() + 1) + ")");
  }
}
