package io.kanana.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The layers of one run, lowest first: the file that {@code extends:} names, the file, and the
 * assignments of {@code --set}. A section of an {@link OpenParts.Deferred} part may extend a file,
 * too. Problems met on the way wait for those of {@link #bind}.
 */
public final class ConfigSource {
  static final String EXTENDS = "extends";

  private static final Pattern RESOURCE = Pattern.compile("defaults/[a-z0-9-]+(\\.yaml)?");

  private final ClassLoader resources;
  private final List<Layer> layers = new ArrayList<>();
  private final List<Assignment> assignments;
  private final List<Problem> problems = new ArrayList<>();

  /** The files whose sections came to this one, and this one. */
  private final List<Path> within;

  /** The tree in a file. */
  private record Layer(Path file, ObjectNode tree) {}

  /**
   * Reads a configuration file and the one it extends.
   *
   * @param assignments each {@code path=value}, the value in YAML; the last one wins
   * @param resources where {@code defaults/NAME.yaml} is looked up
   * @throws ConfigException if a file is missing or is no YAML at all
   */
  public ConfigSource(Path file, List<String> assignments, ClassLoader resources) {
    this(file, assignments, resources, List.of());
  }

  /**
   * @param within the files that have the sections which extend this one, from the outermost on
   */
  ConfigSource(Path file, List<String> assignments, ClassLoader resources, List<Path> within) {
    this.resources = resources;
    this.within = Stream.concat(within.stream(), Stream.of(file)).toList();
    ObjectNode tree = Yaml.read(file, problems);
    JsonNode base = tree.remove(EXTENDS);
    if (base != null && !base.isMissingNode()) {
      layers.add(extended(file, base));
    }
    layers.add(new Layer(file, tree));
    this.assignments = Assignment.parse(assignments, problems);
  }

  private Layer extended(Path file, JsonNode base) {
    if (!base.isTextual()) {
      problems.add(new Problem(EXTENDS, "must be the path of one file, got " + base));
      return new Layer(file, JsonNodeFactory.instance.objectNode());
    }
    String name = base.textValue();
    ObjectNode tree =
        RESOURCE.matcher(name).matches()
            ? defaults(name).orElseThrow(() -> noSuchDefaults(name))
            : Yaml.read(file.resolveSibling(name), problems);
    if (tree.has(EXTENDS)) {
      problems.add(
          new Problem(EXTENDS, name + " extends another file itself; only one level is allowed"));
      tree.remove(EXTENDS);
    }
    return new Layer(file.resolveSibling(name), tree);
  }

  private static ConfigException noSuchDefaults(String name) {
    return new ConfigException(
        EXTENDS, "there are no " + name + "; name a job's defaults or a relative path");
  }

  /** The text at a top-level key as the layers and assignments have it, such as {@code job}. */
  public Optional<String> text(String key) {
    ObjectNode merged = merged(new Layers(OpenParts.NONE), null, List.of(), new ArrayList<>());
    return Optional.ofNullable(merged.get(key)).map(JsonNode::textValue);
  }

  /**
   * Merges the layers over {@code defaults/NAME.yaml} and binds the result.
   *
   * @param ignored top-level keys that are not part of the record
   * @throws ConfigException with every problem of every layer
   */
  public <C extends Record> Binder.Bound<C> bind(
      Binder binder, Class<C> type, String defaults, List<String> ignored) {
    List<ObjectNode> below = defaults("defaults/" + defaults).map(List::of).orElse(List.of());
    ObjectNode tree = merged(new Layers(binder.parts()), type, below, problems);
    ObjectNode kept = tree.deepCopy();
    kept.remove(ignored);
    Binder.Bound<C> bound = binder.bind(type, kept, problems);
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    ignored.stream().filter(tree::has).forEach(key -> whole.set(key, tree.get(key)));
    return new Binder.Bound<>(bound.config(), whole.setAll(bound.tree()));
  }

  /** The problems met so far, which {@link #bind} would throw. */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  private ObjectNode merged(
      Layers laying, Class<?> type, List<ObjectNode> below, List<Problem> found) {
    JsonNode tree = JsonNodeFactory.instance.objectNode();
    for (ObjectNode layer : below) {
      tree = laying.merge(type, tree, layer);
    }
    for (Layer layer : layers) {
      tree = laying.merge(type, tree, whole(layer, laying, type, found));
    }
    for (Assignment assignment : assignments) {
      tree = laying.apply(type, tree, assignment, found);
    }
    return (ObjectNode) tree;
  }

  /** Where the type is known, so is which sections may extend files. */
  private JsonNode whole(Layer layer, Layers laying, Class<?> type, List<Problem> found) {
    return type == null
        ? layer.tree
        : new ExtendingSections(laying, layer.file, within, resources, found)
            .whole(type, layer.tree, "");
  }

  /**
   * What the layers say of a section of {@code type} that extends this file.
   *
   * @param path of the section, for the problems of the file
   */
  ObjectNode section(Layers laying, Class<?> type, String path, List<Problem> found) {
    List<Problem> here = new ArrayList<>(problems);
    // what is chosen may stand in another layer than what is then laid by it
    Class<?> chosen =
        text(Types.chooser(type))
            .flatMap(name -> laying.choice(type, TextNode.valueOf(name)))
            .<Class<?>>map(OpenParts.Choice::config)
            .orElse(type);
    ObjectNode tree = merged(laying, chosen, List.of(), here);
    here.forEach(
        problem -> found.add(new Problem(Paths.child(path, problem.path()), problem.message())));
    return tree;
  }

  private Optional<ObjectNode> defaults(String name) {
    return resource(name, resources, problems);
  }

  /** The defaults of that name, {@code defaults/NAME.yaml}; nothing where there are none. */
  public static ObjectNode defaultsOf(String name, ClassLoader resources) {
    return resource("defaults/" + name, resources, new ArrayList<>())
        .orElseGet(JsonNodeFactory.instance::objectNode);
  }

  private static Optional<ObjectNode> resource(
      String name, ClassLoader resources, List<Problem> problems) {
    String resource = name.endsWith(".yaml") ? name : name + ".yaml";
    try (InputStream in = resources.getResourceAsStream(resource)) {
      return in == null
          ? Optional.empty()
          : Optional.of(Yaml.mapping(Yaml.text(in, resource), resource, problems));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
