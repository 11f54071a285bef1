package io.kanana.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** One walk of a tree beside the types it is bound to; an empty result has its problem reported. */
final class Binding {
  /** The key of a {@link FromFile} section that names what it is laid over. */
  static final String FILE = "file";

  private static final int SHOWN = 60;

  private final OpenParts parts;
  private final List<Problem> problems;

  Binding(OpenParts parts, List<Problem> problems) {
    this.parts = parts;
    this.problems = problems;
  }

  /** The value of {@code node} as {@code type}; fills in the defaults of open parts in place. */
  Optional<?> value(Type type, JsonNode node, String path) {
    Class<?> raw = Types.raw(type);
    if (node.isMissingNode()) {
      return Optional.empty(); // refused by the reader, which said so
    }
    if (Types.isOptional(type)) {
      return optional(type, node, path);
    }
    if (Scalars.reads(raw)) {
      return scalar(raw, node, path);
    }
    if (raw == List.class) {
      return node instanceof ArrayNode array
          ? list(Types.element(type), array, path)
          : wrong(path, "a list", node);
    }
    if (!(node instanceof ObjectNode section)) {
      return wrong(path, "a section", node);
    }
    if (raw == Map.class) {
      return map(type, section, path);
    }
    return Types.isOpenPart(raw)
        ? openPart(raw, section, path)
        : record(raw, section, path, Keys.OF_THE_RECORD);
  }

  /**
   * How the keys of a section differ from the components of its record.
   *
   * @param beside keys that are no component
   * @param later components that are no key yet
   */
  private record Keys(Set<String> beside, Set<String> later) {
    static final Keys OF_THE_RECORD = new Keys(Set.of(), Set.of());
  }

  private Optional<?> wrong(String path, String expected, JsonNode node) {
    problems.add(new Problem(path, "must be " + expected + ", got " + shown(node)));
    return Optional.empty();
  }

  /** The value found, short enough for one line; text in quotes, so that '10' is not 10. */
  private static String shown(JsonNode node) {
    String text = node.isTextual() ? "\"" + node.textValue() + "\"" : node.toString();
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
  }

  private Optional<?> scalar(Class<?> raw, JsonNode node, String path) {
    Optional<Object> value = Scalars.read(raw, node);
    if (value.isPresent()) {
      return value;
    }
    String hint =
        raw.isEnum() && node.isTextual()
            ? Names.nearest(node.textValue(), Scalars.constants(raw))
                .map(name -> "; did you mean " + name + "?")
                .orElse("")
            : "";
    problems.add(
        new Problem(path, "must be " + Scalars.expected(raw) + ", got " + shown(node) + hint));
    return value;
  }

  private Optional<?> optional(Type type, JsonNode node, String path) {
    Class<?> raw = Types.raw(type);
    if (raw == OptionalInt.class) {
      return value(int.class, node, path).map(v -> OptionalInt.of((int) v));
    }
    if (raw == OptionalLong.class) {
      return value(long.class, node, path).map(v -> OptionalLong.of((long) v));
    }
    if (raw == OptionalDouble.class) {
      return value(double.class, node, path).map(v -> OptionalDouble.of((double) v));
    }
    Optional<?> element = value(Types.element(type), node, path);
    return element.isPresent() ? Optional.<Object>of(element) : element;
  }

  private Optional<?> list(Type element, ArrayNode node, String path) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      writeOut(Types.raw(element), node, i);
      value(element, node.get(i), Paths.child(path, i)).ifPresent(values::add);
    }
    return values.size() == node.size() ? Optional.of(List.copyOf(values)) : Optional.empty();
  }

  private static void writeOut(Class<?> raw, ArrayNode list, int index) {
    Shorthand shorthand = raw.getAnnotation(Shorthand.class);
    if (shorthand != null && list.get(index).isTextual()) {
      ObjectNode section = list.objectNode();
      JsonNode text = list.get(index);
      list.set(
          index,
          shorthand.key().isEmpty()
              ? section.set(Types.TYPE, text)
              : section.put(Types.TYPE, shorthand.type()).set(shorthand.key(), text));
    }
  }

  private Optional<?> map(Type type, ObjectNode section, String path) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : section.properties()) {
      value(Types.element(type), entry.getValue(), Paths.child(path, entry.getKey()))
          .ifPresent(value -> values.put(entry.getKey(), value));
    }
    return values.size() == section.size()
        ? Optional.of(Collections.unmodifiableMap(values))
        : Optional.empty();
  }

  private Optional<?> openPart(Class<?> kind, ObjectNode section, String path) {
    String key = Types.chooser(kind);
    JsonNode type = section.get(key);
    Optional<OpenParts.Choice> choice =
        type != null && type.isTextual() ? parts.choice(kind, type.textValue()) : Optional.empty();
    if (choice.isEmpty()) {
      refuseType(path, key, type, parts.names(kind));
      return Optional.empty();
    }
    complete(section, key, choice.get());
    Class<?> config = choice.get().config();
    return choice.get().deferred().isPresent()
        ? deferred(choice.get().deferred().get(), config, section, path, key)
        : record(config, section, path, new Keys(Set.of(key), Set.of()));
  }

  /** The section's own mistakes are reported; the part is there in spite of them. */
  private Optional<?> deferred(
      OpenParts.Deferred deferred, Class<?> config, ObjectNode section, String path, String key) {
    Set<String> beside = new LinkedHashSet<>(deferred.own());
    beside.add(key);
    ScopedValue.where(Check.PROVISIONAL, true)
        .run(() -> record(config, section, path, new Keys(beside, deferred.later())));
    List<Check.Violation> violations = new ArrayList<>();
    Object part =
        ScopedValue.where(Check.COLLECTOR, violations::add).call(() -> deferred.part(section));
    report(violations, path, Set.of());
    return Optional.of(part);
  }

  private void refuseType(String section, String key, JsonNode type, Set<String> names) {
    if (type != null && type.isMissingNode()) {
      return;
    }
    String path = Paths.child(section, key);
    String found = type == null ? "is missing" : "unknown " + key + " " + shown(type);
    String near =
        type != null && type.isTextual()
            ? Names.nearest(type.textValue(), names).map(n -> "did you mean " + n + "? ").orElse("")
            : "";
    problems.add(new Problem(path, found + "; " + near + "known: " + String.join(", ", names)));
  }

  private void complete(ObjectNode section, String key, OpenParts.Choice choice) {
    JsonNode type = section.get(key);
    JsonNode merged = new Layers(parts).merge(choice.config(), choice.defaults(), section);
    Map<String, JsonNode> own = new LinkedHashMap<>();
    choice.deferred().map(OpenParts.Deferred::own).orElse(Set.of()).stream()
        .filter(section::has)
        .forEach(name -> own.put(name, section.get(name)));
    section.removeAll();
    section.setAll(own);
    section.set(key, type);
    section.setAll((ObjectNode) merged);
  }

  private Optional<?> record(Class<?> type, ObjectNode section, String path, Keys keys) {
    if (!type.isRecord()) {
      throw new IllegalArgumentException("no configuration holds a " + type.getName());
    }
    if (type.isAnnotationPresent(FromFile.class)) {
      layOverFile(type, section, path);
    }
    RecordComponent[] components = type.getRecordComponents();
    boolean known = refuseUnknown(components, section, path, keys.beside);
    Object[] arguments = new Object[components.length];
    Set<String> unread = new LinkedHashSet<>();
    for (int i = 0; i < components.length; i++) {
      Type declared = components[i].getGenericType();
      String key = Names.kebab(components[i].getName());
      Optional<?> argument =
          keys.later.contains(key) && !section.has(key)
              ? Optional.empty()
              : component(declared, section.get(key), Paths.child(path, key));
      arguments[i] = argument.isPresent() ? argument.get() : placeholder(declared);
      if (argument.isEmpty()) {
        unread.add(key);
      }
    }
    if (type.isAnnotationPresent(OneOf.class)) {
      known &= exactlyOne(components, section, path);
    }
    Optional<?> made = construct(type, components, arguments, path, unread);
    return unread.isEmpty() && known ? made : Optional.empty();
  }

  private void layOverFile(Class<?> type, ObjectNode section, String path) {
    JsonNode name = section.remove(FILE);
    Optional<?> file =
        name == null ? Optional.empty() : value(Path.class, name, Paths.child(path, FILE));
    if (file.isPresent()) {
      JsonNode merged = new Layers(parts).merge(type, fileOf((Path) file.get(), path), section);
      section.removeAll();
      section.setAll((ObjectNode) merged);
    }
  }

  private ObjectNode fileOf(Path file, String path) {
    String key = Paths.child(path, FILE);
    try {
      ObjectNode tree = Yaml.read(file);
      if (tree.remove(FILE) != null) {
        problems.add(new Problem(key, file + " names a file itself; only one level is allowed"));
      }
      return tree;
    } catch (ConfigException e) {
      e.problems().forEach(problem -> problems.add(new Problem(key, problem.toString())));
      return JsonNodeFactory.instance.objectNode();
    }
  }

  private Optional<?> component(Type type, JsonNode node, String path) {
    if (node != null) {
      return value(type, node, path);
    }
    if (Types.isOptional(type)) {
      return Optional.of(placeholder(type));
    }
    problems.add(new Problem(path, "is missing; give " + expected(type)));
    return Optional.empty();
  }

  private static String expected(Type type) {
    Class<?> raw = Types.raw(type);
    if (Scalars.reads(raw)) {
      return Scalars.expected(raw);
    }
    return raw == List.class ? "a list" : "a section";
  }

  private static Object placeholder(Type type) {
    Class<?> raw = Types.raw(type);
    if (Scalars.reads(raw)) {
      return Scalars.placeholder(raw);
    }
    return Map.<Class<?>, Object>of(
            Optional.class, Optional.empty(),
            OptionalInt.class, OptionalInt.empty(),
            OptionalLong.class, OptionalLong.empty(),
            OptionalDouble.class, OptionalDouble.empty(),
            List.class, List.of(),
            Map.class, Map.of())
        .get(raw);
  }

  private boolean refuseUnknown(
      RecordComponent[] components, ObjectNode section, String path, Set<String> beside) {
    List<String> keys =
        Arrays.stream(components).map(component -> Names.kebab(component.getName())).toList();
    int before = problems.size();
    for (Map.Entry<String, JsonNode> entry : section.properties()) {
      String key = entry.getKey();
      if (!keys.contains(key) && !beside.contains(key)) {
        String hint = Names.suggestion(key, keys);
        problems.add(
            new Problem(
                Paths.child(path, key),
                "unknown key (its value is " + shown(entry.getValue()) + "); " + hint));
      }
    }
    return problems.size() == before;
  }

  private boolean exactlyOne(RecordComponent[] components, ObjectNode section, String path) {
    List<String> keys = Arrays.stream(components).map(c -> Names.kebab(c.getName())).toList();
    List<String> given = keys.stream().filter(section::has).toList();
    if (given.size() != 1) {
      String found = given.isEmpty() ? "none" : String.join(" and ", given);
      problems.add(
          new Problem(
              path, "must give exactly one of " + String.join(", ", keys) + ", got " + found));
    }
    return given.size() == 1;
  }

  /**
   * Runs the constructor with its rules collected. Where a component could not be read the
   * constructor sees a placeholder: the rules about the others still count.
   */
  private Optional<?> construct(
      Class<?> type,
      RecordComponent[] components,
      Object[] arguments,
      String path,
      Set<String> unread) {
    List<Check.Violation> violations = new ArrayList<>();
    Optional<?> made = Optional.empty();
    try {
      Constructor<?> constructor = canonical(type, components);
      made =
          Optional.of(
              ScopedValue.where(Check.COLLECTOR, violations::add)
                  .call(() -> constructor.newInstance(arguments)));
    } catch (InvocationTargetException e) {
      if (violations.isEmpty() && unread.isEmpty()) {
        throw new IllegalStateException(type.getName() + " failed at " + path, e.getCause());
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(type.getName() + " cannot be constructed", e);
    }
    report(violations, path, unread);
    return violations.isEmpty() ? made : Optional.empty();
  }

  private static Constructor<?> canonical(Class<?> type, RecordComponent[] components)
      throws NoSuchMethodException {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Constructor<?> constructor = type.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor;
  }

  private void report(List<Check.Violation> violations, String path, Set<String> unread) {
    for (Check.Violation violation : violations) {
      boolean spurious =
          violation.names().stream().anyMatch(name -> unread.contains(name.split("[.\\[]", 2)[0]));
      if (!spurious) {
        problems.add(
            new Problem(Paths.child(path, violation.names().getFirst()), violation.message()));
      }
    }
  }
}
