package io.kanana.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import io.kanana.core.config.Names;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/** Typed access to the keys of a task file; problems are gathered and told together. */
final class TaskFields {
  private final String path;
  private final ObjectNode node;
  private final List<Problem> problems;

  TaskFields(String path, ObjectNode node) {
    this(path, node, new ArrayList<>());
  }

  private TaskFields(String path, ObjectNode node, List<Problem> problems) {
    this.path = path;
    this.node = node;
    this.problems = problems;
  }

  /** The path of a key, for messages. */
  String where(String key) {
    return path + ": " + key;
  }

  void problem(String key, String message) {
    problems.add(new Problem(where(key), message));
  }

  /**
   * Ends the reading.
   *
   * @throws ConfigException with every problem that was found
   */
  void check() {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  /** Refuses keys that are not among these, and those that cannot be done. */
  void allow(Set<String> known, Set<String> unsupported) {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (unsupported.contains(key) && !node.path(key).isNull()) {
                problem(key, "is not supported; leave it out, or write the task in Java");
              } else if (!known.contains(key) && !unsupported.contains(key)) {
                problem(key, "unknown key; " + Names.suggestion(key, known));
              }
            });
  }

  /** Does something whose problems join the others. */
  <T> Optional<T> tried(Supplier<T> reading) {
    try {
      return Optional.of(reading.get());
    } catch (ConfigException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }

  boolean has(String key) {
    return node.hasNonNull(key);
  }

  /** The value, or missing; null counts as missing. */
  JsonNode node(String key) {
    JsonNode value = node.path(key);
    return value instanceof NullNode ? MissingNode.getInstance() : value;
  }

  private void wrongKind(String key, String kind) {
    problem(key, "must be " + kind + ", got " + node.path(key));
  }

  Optional<String> text(String key) {
    JsonNode value = node(key);
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      wrongKind(key, "text");
      return Optional.empty();
    }
    return Optional.of(value.textValue());
  }

  OptionalInt whole(String key, int least) {
    JsonNode value = node(key);
    if (value.isMissingNode()) {
      return OptionalInt.empty();
    }
    if (!value.isInt() || value.intValue() < least) {
      wrongKind(key, "a whole number of at least " + least);
      return OptionalInt.empty();
    }
    return OptionalInt.of(value.intValue());
  }

  double number(String key, double absent) {
    JsonNode value = node(key);
    if (value.isMissingNode()) {
      return absent;
    }
    if (!value.isNumber()) {
      wrongKind(key, "a number");
      return absent;
    }
    return value.doubleValue();
  }

  boolean flag(String key, boolean absent) {
    JsonNode value = node(key);
    if (value.isMissingNode()) {
      return absent;
    }
    if (!value.isBoolean()) {
      wrongKind(key, "true or false");
      return absent;
    }
    return value.booleanValue();
  }

  /** One text or a list of them. */
  List<String> texts(String key) {
    JsonNode value = node(key);
    List<String> texts = new ArrayList<>();
    if (value.isMissingNode()) {
      return texts;
    }
    for (JsonNode item : value.isArray() ? value : List.of(value)) {
      if (!item.isTextual()) {
        wrongKind(key, "text or a list of texts");
        return texts;
      }
      texts.add(item.textValue());
    }
    return texts;
  }

  /** The sections of a list, or the one that stands for a list. */
  List<TaskFields> sections(String key) {
    JsonNode value = node(key);
    List<TaskFields> sections = new ArrayList<>();
    if (value.isMissingNode()) {
      return sections;
    }
    int index = 0;
    for (JsonNode item : value.isArray() ? value : List.of(value)) {
      if (item instanceof ObjectNode object) {
        sections.add(new TaskFields(where(key) + "[" + index++ + "]", object, problems));
      } else {
        wrongKind(key, "a list of sections");
      }
    }
    return sections;
  }

  /** A section, empty where it is absent. */
  TaskFields section(String key) {
    JsonNode value = node(key);
    if (value instanceof ObjectNode object) {
      return new TaskFields(where(key), object, problems);
    }
    if (!value.isMissingNode()) {
      wrongKind(key, "a section");
    }
    return new TaskFields(where(key), JsonNodeFactory.instance.objectNode(), problems);
  }

  /** The keys but these, as options of something. */
  ObjectNode without(Set<String> keys) {
    ObjectNode rest = node.deepCopy();
    return rest.remove(keys);
  }

  /** The function that a value names, if it does. */
  Optional<FunctionName> function(String key) {
    return node(key) instanceof POJONode pojo && pojo.getPojo() instanceof FunctionName name
        ? Optional.of(name)
        : Optional.empty();
  }

  /** How a value is had from a document. */
  Optional<DocumentRule> rule(String key) {
    return has(key) ? tried(() -> DocumentRule.of(where(key), node(key))) : Optional.empty();
  }
}
