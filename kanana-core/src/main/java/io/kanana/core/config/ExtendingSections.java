package io.kanana.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Lays the sections of {@linkplain OpenParts.Deferred deferred} parts over files they extend. */
final class ExtendingSections {
  private final Layers laying;
  private final Path file;
  private final List<Path> within;
  private final ClassLoader resources;
  private final List<Problem> problems;

  /**
   * @param file that the sections stand in, and that their paths are relative to
   * @param within the files that were come to it by
   */
  ExtendingSections(
      Layers laying, Path file, List<Path> within, ClassLoader resources, List<Problem> problems) {
    this.laying = laying;
    this.file = file;
    this.within = within;
    this.resources = resources;
    this.problems = problems;
  }

  /**
   * The same tree with its sections whole.
   *
   * @param type that it will be bound to, null where nothing is known
   */
  JsonNode whole(Type type, JsonNode node, String path) {
    if (type == null) {
      return node;
    }
    return switch (node) {
      case ArrayNode list when Types.raw(type) == List.class -> list(type, list, path);
      case ObjectNode section when Types.isDeferred(type) -> deferred(type, section, path);
      case ObjectNode section -> section(type, section, path);
      default -> node;
    };
  }

  private JsonNode list(Type type, ArrayNode list, String path) {
    ArrayNode whole = list.arrayNode();
    for (int i = 0; i < list.size(); i++) {
      whole.add(whole(Types.element(type), list.get(i), Paths.child(path, i)));
    }
    return whole;
  }

  private JsonNode section(Type type, ObjectNode section, String path) {
    ObjectNode whole = section.objectNode();
    for (Map.Entry<String, JsonNode> entry : section.properties()) {
      String key = entry.getKey();
      JsonNode value = whole(Types.child(type, key), entry.getValue(), Paths.child(path, key));
      whole.set(key, value);
    }
    return whole;
  }

  private JsonNode deferred(Type type, ObjectNode section, String path) {
    ObjectNode above = section.deepCopy();
    JsonNode base = above.remove(ConfigSource.EXTENDS);
    if (base == null) {
      return parts(type, above, above, path);
    }
    try {
      ObjectNode below = read(type, base, path);
      return laying.merge(type, below, parts(type, below.deepCopy().setAll(above), above, path));
    } catch (ConfigException e) {
      String place = Paths.child(path, ConfigSource.EXTENDS);
      e.problems().forEach(problem -> problems.add(new Problem(place, problem.toString())));
      return MissingNode.getInstance();
    }
  }

  /** The same section with those in it whole; which it may have, what was chosen says. */
  private JsonNode parts(Type type, ObjectNode chosen, ObjectNode section, String path) {
    return laying
        .choice(type, chosen.path(Types.chooser(Types.bare(type))))
        .map(choice -> section(choice.config(), section, path))
        .orElse(section);
  }

  private ObjectNode read(Type type, JsonNode name, String path) {
    if (!name.isTextual()) {
      throw new ConfigException("", "must be the path of one file, got " + name);
    }
    Path base = file.resolveSibling(name.textValue());
    requireOther(base);
    ConfigSource source = new ConfigSource(base, List.of(), resources, within);
    ObjectNode tree = source.section(laying, Types.bare(type), path, problems);
    laying
        .choice(type, tree.path(Types.chooser(Types.bare(type))))
        .flatMap(OpenParts.Choice::deferred)
        .ifPresent(part -> tree.remove(part.later()));
    return tree;
  }

  /** A file that is whole only once it is whole never is. */
  private void requireOther(Path base) {
    Path wanted = real(base);
    if (within.stream().anyMatch(before -> real(before).equals(wanted))) {
      throw new ConfigException("", base + " has this section itself; extend another file");
    }
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException _) {
      return file.toAbsolutePath(); // that it is not there is told when it is read
    }
  }
}
