package io.kanana.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.Problem;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lays one tree over another: mappings merge key by key, everything else is replaced. A mapping is
 * replaced as a whole where it names another {@code type} than the one below (or AdamW's keys would
 * linger under another optimizer), and where it is a {@link OneOf}.
 */
final class Layers {
  private final OpenParts parts;

  /**
   * @param parts say what stands below the {@code type} of an open part
   */
  Layers(OpenParts parts) {
    this.parts = parts;
  }

  /**
   * @param target the type that the result will be bound to, null where it is not known
   */
  JsonNode merge(Type target, JsonNode below, JsonNode above) {
    if (!(below instanceof ObjectNode base && above instanceof ObjectNode over)
        || choosesAnew(target, base, over)) {
      return above.deepCopy();
    }
    Type section = resolved(target, base, over);
    ObjectNode merged = base.deepCopy();
    for (Map.Entry<String, JsonNode> entry : over.properties()) {
      String key = entry.getKey();
      Type child = section == null ? null : Types.child(section, key);
      JsonNode under = base.get(key);
      merged.set(
          key, under == null ? entry.getValue().deepCopy() : merge(child, under, entry.getValue()));
    }
    return merged;
  }

  /** For an open part, the record that its {@code type} chooses; null where nothing is known. */
  private Type resolved(Type target, ObjectNode below, ObjectNode above) {
    if (target == null || !Types.isOpenPart(Types.bare(target))) {
      return target;
    }
    String key = Types.chooser(Types.bare(target));
    JsonNode name = above.has(key) ? above.get(key) : below.path(key);
    return choice(target, name).map(OpenParts.Choice::config).orElse(null);
  }

  /** What {@code name} stands for in an open part. */
  Optional<OpenParts.Choice> choice(Type openPart, JsonNode name) {
    return name.isTextual()
        ? parts.choice(Types.bare(openPart), name.textValue())
        : Optional.empty();
  }

  private static boolean choosesAnew(Type target, ObjectNode base, ObjectNode over) {
    String key = target == null ? Types.TYPE : Types.chooser(Types.bare(target));
    boolean other = over.has(key) && base.has(key) && !over.get(key).equals(base.get(key));
    return other || (target != null && Types.isOneOf(target));
  }

  /** Lays the value of one assignment over {@code node} at the path that it names. */
  JsonNode apply(Type target, JsonNode node, Assignment assignment, List<Problem> problems) {
    return apply(new Step(target, assignment, problems, 0), node);
  }

  private record Step(Type target, Assignment assignment, List<Problem> problems, int position) {
    Step into(Type child) {
      return new Step(child, assignment, problems, position + 1);
    }
  }

  private JsonNode apply(Step step, JsonNode node) {
    if (step.position == step.assignment.path().size()) {
      JsonNode value = step.assignment.value();
      return node == null ? value : merge(step.target, node, value);
    }
    return switch (step.assignment.path().get(step.position)) {
      case Assignment.Key key -> applyKey(step, node, key.name());
      case Assignment.Index index -> applyIndex(step, node, index.value());
    };
  }

  private JsonNode applyKey(Step step, JsonNode node, String key) {
    if (node != null && !node.isObject() && !node.isMissingNode()) {
      step.problems.add(
          step.assignment.problem(step.position, "holds " + node + ", not a section"));
      return node;
    }
    ObjectNode base =
        node instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    Type section = resolved(step.target, base, base);
    Type child = section == null ? null : Types.child(section, key);
    ObjectNode over = JsonNodeFactory.instance.objectNode();
    over.set(key, apply(step.into(child), base.get(key)));
    return merge(step.target, base, over);
  }

  private JsonNode applyIndex(Step step, JsonNode node, int index) {
    int size = node instanceof ArrayNode ? node.size() : 0;
    if (!(node instanceof ArrayNode list) || index > size) {
      String found = node instanceof ArrayNode ? "has " + size + " elements" : "is not a list";
      step.problems.add(
          step.assignment.problem(step.position, found + ", so there is no " + index));
      return node == null ? JsonNodeFactory.instance.missingNode() : node;
    }
    Type child =
        step.target != null && Types.raw(step.target) == List.class
            ? Types.element(step.target)
            : null;
    ArrayNode laid = list.deepCopy();
    JsonNode value = apply(step.into(child), list.get(index));
    if (index == size) {
      return laid.add(value);
    }
    laid.set(index, value);
    return laid;
  }
}
