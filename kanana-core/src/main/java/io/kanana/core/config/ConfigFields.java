package io.kanana.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The keys of a configuration record, for people to read. */
public final class ConfigFields {
  private static final Map<Class<?>, String> OPTIONAL_NUMBERS =
      Map.of(
          OptionalInt.class, "whole number",
          OptionalLong.class, "whole number",
          OptionalDouble.class, "number");

  private ConfigFields() {}

  /**
   * One key.
   *
   * @param path the key, below its sections
   * @param type what it takes
   * @param value its default, in YAML's flow style; empty where it must be given or can be left out
   */
  public record Field(String path, String type, Optional<String> value) {}

  /** The keys of {@code config} in their order, sections opened. */
  public static List<Field> of(Class<?> config, ObjectNode defaults) {
    List<Field> fields = new ArrayList<>();
    collect(config, defaults, "", fields);
    return fields;
  }

  private static void collect(Class<?> record, JsonNode defaults, String path, List<Field> into) {
    for (RecordComponent component : record.getRecordComponents()) {
      String key = Names.kebab(component.getName());
      String below = Paths.child(path, key);
      JsonNode value = defaults == null ? null : defaults.get(key);
      Type type = component.getGenericType();
      Class<?> raw = Types.raw(type);
      if (raw.isRecord() && !raw.isAnnotationPresent(OneOf.class)) {
        collect(raw, value, below, into);
      } else {
        into.add(
            new Field(below, describe(type), Optional.ofNullable(value).map(Object::toString)));
      }
    }
  }

  private static String describe(Type type) {
    Class<?> raw = Types.raw(type);
    if (OPTIONAL_NUMBERS.containsKey(raw)) {
      return OPTIONAL_NUMBERS.get(raw) + ", optional";
    }
    if (raw == Optional.class) {
      return describe(Types.element(type)) + ", optional";
    }
    if (raw == List.class) {
      return "list of " + describe(Types.element(type));
    }
    if (raw == Map.class) {
      return "names to " + describe(Types.element(type));
    }
    if (raw.isRecord()) {
      return section(raw);
    }
    return Scalars.reads(raw) ? Scalars.describe(raw) : Names.ofPart(raw) + " (type: ...)";
  }

  private static String section(Class<?> record) {
    List<String> keys = new ArrayList<>();
    if (record.isAnnotationPresent(FromFile.class)) {
      keys.add(Binding.FILE);
    }
    for (RecordComponent component : record.getRecordComponents()) {
      keys.add(Names.kebab(component.getName()));
    }
    String separator = record.isAnnotationPresent(OneOf.class) ? " | " : ", ";
    return "{" + String.join(separator, keys) + "}";
  }
}
